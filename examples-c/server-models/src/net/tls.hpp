/* SPDX-License-Identifier: MPL-2.0 */
// The server's side of TLS, by OpenSSL.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace models::net {

template <auto Function>
struct Frees {
    template <typename Pointer>
    void operator()(Pointer* pointer) const
    {
        Function(pointer);
    }
};
using SslContext = std::unique_ptr<SSL_CTX, Frees<SSL_CTX_free>>;
using SslSession = std::unique_ptr<SSL, Frees<SSL_free>>;

// TLS 1.2 or 1.3, with the certificates and the key of two PEM files; throws when they do not fit.
SslContext serverContext(const std::string& certificates, const std::string& key);

} // namespace models::net
