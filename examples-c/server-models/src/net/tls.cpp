/* SPDX-License-Identifier: MPL-2.0 */
#include "net/tls.hpp"

#include <openssl/err.h>

#include <stdexcept>

namespace models::net {
namespace {

void check(int result, const std::string& what)
{
    if (result == 1)
        return;
    char reason[256] = "";
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(what + ": " + reason);
}

} // namespace

SslContext serverContext(const std::string& certificates, const std::string& key)
{
    SslContext context(SSL_CTX_new(TLS_server_method()));
    check(context != nullptr, "TLS");
    check(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION), "TLS 1.2");
    check(SSL_CTX_use_certificate_chain_file(context.get(), certificates.c_str()), certificates);
    check(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM), key);
    check(SSL_CTX_check_private_key(context.get()), key);
    // Many clients just close; a line that is cut off is no request anyway.
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // The rest of an answer may be at another place when it is sent.
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

} // namespace models::net
