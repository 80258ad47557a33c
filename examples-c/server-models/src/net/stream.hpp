/* SPDX-License-Identifier: MPL-2.0 */
// A connection's bytes, with TLS or without. Nothing blocks: a step that cannot be done yet tells what
// is to be waited for.
#pragma once

#include "net/descriptor.hpp"
#include "net/tls.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace models::net {

enum class Progress { done, wantsToRead, wantsToWrite, ended, broken };

struct Step {
    Progress progress = Progress::done;
    std::size_t bytes = 0;
};

class Stream {
public:
    // With a TLS context, it is the server's side of TLS.
    Stream(Descriptor socket, SSL_CTX* context);

    Step handshake();
    Step receive(std::span<char> into);
    Step send(std::string_view bytes);

    // Throws away what comes in, of whatever kind.
    Step discard();

    // No more is sent; the other side is told so.
    void endSending();
    // No more is received: who waits for bytes finds the end.
    void endReceiving();

    int descriptor() const { return socket_.get(); }
    bool isTls() const { return session_ != nullptr; }

private:
    Step outcome(int result);
    static Step outcome(ssize_t result, Progress wanted);

    Descriptor socket_;
    SslSession session_;
    bool failed_ = false;
};

} // namespace models::net
