#include "request_parser.hpp"

#include "limits.hpp"
#include "target.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <optional>

namespace eventcore {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Bytes = boost::beast::string_view;

std::string_view plain(Bytes bytes)
{
    return {bytes.data(), bytes.size()};
}

// One request. Beast's parsers cannot be used again, but cost nothing to make anew.
class OneRequest : public http::basic_parser<true> {
public:
    explicit OneRequest(std::size_t max_body)
    {
        header_limit(limits::header_bytes);
        body_limit(max_body);
        eager(true);
    }

    Request* request = nullptr;
    RequestParser::Stage stage = RequestParser::Stage::request_line;
    bool expects_continue = false;
    unsigned refusal = 0;  // a status where the grammar's own error says too little

private:
    using Stage = RequestParser::Stage;

    void on_request_impl(http::verb, Bytes method, Bytes target, int version,
                         error_code& ec) override
    {
        version_ = version;
        request->clear();
        request->method = plain(method);
        request->target = plain(target);
        if (!split_target(request->target, request->path, request->query)) {
            ec = http::error::bad_target;
        }
        stage = Stage::headers;
    }

    void on_field_impl(http::field, Bytes name, Bytes value, error_code&) override
    {
        // Fields behind a chunked body would come as a surprise to what has looked at the others.
        if (stage == Stage::headers) {
            request->fields.add(plain(name), plain(value));
        }
    }

    void on_header_impl(error_code& ec) override
    {
        stage = Stage::body;
        const auto hosts = request->fields.count("Host");
        if (hosts > 1 || (hosts == 0 && version_ == 11)) {
            ec = http::error::bad_field;
            return;
        }
        // Whoever stands in front and reads such a length in another way would be a hole.
        const auto coding = request->fields.find("Transfer-Encoding");
        if (coding && (version_ == 10 || !same_without_case(*coding, "chunked"))) {
            ec = http::error::bad_transfer_encoding;
            return;
        }
        if (const auto expect = request->fields.find("Expect")) {
            if (!same_without_case(*expect, "100-continue")) {
                refusal = 417;
                ec = http::error::bad_value;
                return;
            }
            expects_continue = version_ == 11;
        }
    }

    void on_response_impl(int, Bytes, int, error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

    std::size_t on_body_impl(Bytes body, error_code&) override
    {
        request->body.append(body.data(), body.size());
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, Bytes, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, Bytes body, error_code& ec) override
    {
        return on_body_impl(body, ec);
    }

    void on_finish_impl(error_code&) override { stage = Stage::complete; }

    int version_ = 0;
};

// HTTP/2.0 is a version that this server has not; HTTX/1.1 is nothing.
bool names_a_version(std::string_view line)
{
    const auto at = line.rfind(' ');
    if (at == line.npos) {
        return false;
    }
    const auto word = line.substr(at + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return word.size() == 8 && word.starts_with("HTTP/") && digit(word[5]) && word[6] == '.' &&
           digit(word[7]);
}

}  // namespace

class RequestParser::Grammar {
public:
    explicit Grammar(std::size_t max_body) : max_body_(max_body) { reset(); }

    void reset()
    {
        one_.emplace(max_body_);
        failure_ = {};
        started_ = false;
    }

    Result feed(Buffer& in, Request& request)
    {
        one_->request = &request;
        // Some clients end a body with a line end that is not part of it.
        while (!started_ && in.view().starts_with("\r\n")) {
            in.consume(2);
        }
        if (in.empty()) {
            return Result::incomplete;
        }
        started_ = true;
        error_code ec;
        const auto bytes = in.view();
        const auto used = one_->put({bytes.data(), bytes.size()}, ec);
        if (ec && ec != http::error::need_more) {
            failure_ = {status_of(ec, bytes), ec.message()};
            return Result::failed;
        }
        in.consume(used);
        if (one_->is_done()) {
            return Result::complete;
        }
        // All that can be left is half a line of a chunked body.
        if (in.size() > limits::header_bytes) {
            failure_ = {400, "chunk header too long"};
            return Result::failed;
        }
        return Result::incomplete;
    }

    std::optional<OneRequest> one_;
    Failure failure_;
    bool started_ = false;

private:
    unsigned status_of(const error_code& ec, std::string_view bytes) const
    {
        if (one_->refusal != 0) {
            return one_->refusal;
        }
        if (ec == http::error::body_limit) {
            return 413;
        }
        const auto line = bytes.substr(0, bytes.find("\r\n"));
        if (ec == http::error::header_limit) {
            const bool long_line =
                one_->stage == Stage::request_line && line.size() >= limits::header_bytes;
            return long_line ? 414 : 431;
        }
        if (ec == http::error::bad_version && names_a_version(line)) {
            return 505;
        }
        return 400;
    }

    std::size_t max_body_;
};

RequestParser::RequestParser(std::size_t max_body) : grammar_(std::make_unique<Grammar>(max_body))
{
}

RequestParser::~RequestParser() = default;

RequestParser::Result RequestParser::feed(Buffer& in, Request& request)
{
    return grammar_->feed(in, request);
}

void RequestParser::reset() { grammar_->reset(); }

RequestParser::Stage RequestParser::stage() const { return grammar_->one_->stage; }

bool RequestParser::started() const { return grammar_->started_; }

const RequestParser::Failure& RequestParser::failure() const { return grammar_->failure_; }

bool RequestParser::keep_alive() const
{
    return grammar_->one_->is_done() && grammar_->one_->keep_alive();
}

bool RequestParser::take_expectation()
{
    return std::exchange(grammar_->one_->expects_continue, false);
}

}  // namespace eventcore
