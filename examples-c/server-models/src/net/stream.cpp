/* SPDX-License-Identifier: MPL-2.0 */
#include "net/stream.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace models::net {

Stream::Stream(Descriptor socket, SSL_CTX* context) : socket_(std::move(socket))
{
    if (!context)
        return;
    session_.reset(SSL_new(context));
    if (!session_ || SSL_set_fd(session_.get(), socket_.get()) != 1)
        throw std::runtime_error("no TLS session");
    SSL_set_accept_state(session_.get());
}

Step Stream::handshake()
{
    if (!session_)
        return {};
    ERR_clear_error();
    return {outcome(SSL_do_handshake(session_.get())).progress};
}

Step Stream::receive(std::span<char> into)
{
    if (!session_)
        return outcome(::recv(socket_.get(), into.data(), into.size(), 0), Progress::wantsToRead);
    ERR_clear_error();
    return outcome(SSL_read(session_.get(), into.data(), static_cast<int>(into.size())));
}

Step Stream::send(std::string_view bytes)
{
    if (!session_) {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return outcome(sent, Progress::wantsToWrite);
    }
    constexpr std::size_t most = std::numeric_limits<int>::max();
    ERR_clear_error();
    return outcome(SSL_write(session_.get(), bytes.data(),
                             static_cast<int>(std::min(bytes.size(), most))));
}

Step Stream::discard()
{
    std::array<char, 4096> bytes;
    return outcome(::recv(socket_.get(), bytes.data(), bytes.size(), 0), Progress::wantsToRead);
}

void Stream::endSending()
{
    ERR_clear_error();
    if (session_ && !failed_ && SSL_is_init_finished(session_.get()))
        SSL_shutdown(session_.get());
    ::shutdown(socket_.get(), SHUT_WR);
}

void Stream::endReceiving()
{
    ::shutdown(socket_.get(), SHUT_RD);
}

Step Stream::outcome(ssize_t result, Progress wanted)
{
    if (result > 0)
        return {Progress::done, static_cast<std::size_t>(result)};
    if (result == 0)
        return {Progress::ended};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {wanted};
    return {Progress::broken};
}

Step Stream::outcome(int result)
{
    if (result > 0)
        return {Progress::done, static_cast<std::size_t>(result)};
    switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Progress::wantsToRead};
    case SSL_ERROR_WANT_WRITE: return {Progress::wantsToWrite};
    case SSL_ERROR_ZERO_RETURN: return {Progress::ended};
    }
    // OpenSSL forbids any further call at the session, the polite end too.
    failed_ = true;
    return {Progress::broken};
}

} // namespace models::net
