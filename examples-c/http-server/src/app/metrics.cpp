// /metrics: what the server and the logging library count, as Prometheus reads it.
#include "app/app.hpp"
#include "library_counters.hpp"

#include <string>

namespace eventcore::app {
namespace {

class Page {
public:
    void metric(std::string_view name, std::string_view type, std::string_view help)
    {
        text_.append("# HELP ").append(name).append(" ").append(help);
        text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
    }

    void value(std::string_view name, std::string_view labels, std::uint64_t value)
    {
        sample(name, labels, std::to_string(value));
    }

    void sample(std::string_view name, std::string_view labels, std::string_view value)
    {
        text_.append(name);
        if (!labels.empty()) {
            text_.append("{").append(labels).append("}");
        }
        text_.append(" ").append(value).append("\n");
    }

    void single(std::string_view name, std::string_view type, std::string_view help,
                std::uint64_t of)
    {
        metric(name, type, help);
        value(name, "", of);
    }

    std::string_view text() const { return text_; }

private:
    std::string text_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

template <typename Number>
std::uint64_t sum(const Workers& workers, Number number)
{
    std::uint64_t all = 0;
    for (const auto& worker : workers) {
        all += number(*worker);
    }
    return all;
}

std::string seconds(double value)
{
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text + '0' : text;
}

void requests(Page& page, const Workers& workers)
{
    page.metric("eventcore_requests_total", "counter", "Requests answered, by status.");
    for (std::size_t status = 100; status < 600; ++status) {
        const auto count = sum(workers, [&](const Worker& worker) {
            return worker.counters().requests[status].value();
        });
        if (count > 0) {
            page.value("eventcore_requests_total", "code=\"" + std::to_string(status) + '"',
                       count);
        }
    }
    constexpr std::string_view name = "eventcore_request_duration_seconds";
    page.metric(name, "histogram", "From a request's first byte to its reply.");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i <= duration_limits.size(); ++i) {
        below += sum(workers,
                     [&](const Worker& worker) { return worker.counters().durations[i].value(); });
        const auto limit = i < duration_limits.size() ? seconds(duration_limits[i]) : "+Inf";
        page.value(std::string(name) + "_bucket", "le=\"" + limit + '"', below);
    }
    const auto us =
        sum(workers, [](const Worker& worker) { return worker.counters().duration_us.value(); });
    page.sample(std::string(name) + "_sum", "", seconds(static_cast<double>(us) / 1e6));
    page.value(std::string(name) + "_count", "", below);
}

void connections(Page& page, const Server& server)
{
    const auto& workers = server.workers();
    page.metric("eventcore_connections_open", "gauge", "Connections now, by worker.");
    for (std::size_t i = 0; i < workers.size(); ++i) {
        page.value("eventcore_connections_open", "worker=\"" + std::to_string(i) + '"',
                   workers[i]->open());
    }
    page.metric("eventcore_connections_total", "counter", "Connections taken, by worker.");
    for (std::size_t i = 0; i < workers.size(); ++i) {
        page.value("eventcore_connections_total", "worker=\"" + std::to_string(i) + '"',
                   workers[i]->counters().connections.value());
    }
    const auto& accepted = server.acceptor().counters();
    page.single("eventcore_connections_refused_total", "counter", "Connections without a slot.",
                accepted.refused.value());
    page.single("eventcore_accept_batches_total", "counter", "Turns that accepted something.",
                accepted.batches.value());
    page.single("eventcore_accept_batch_largest", "gauge", "Most connections of one turn.",
                accepted.largest_batch.load(std::memory_order_relaxed));
    const auto total = [&](std::string_view name, std::string_view help, Counter Counters::*one) {
        page.single(name, "counter", help, sum(workers, [&](const Worker& worker) {
                        return (worker.counters().*one).value();
                    }));
    };
    total("eventcore_connections_idle_closed_total", "Closed for being idle.",
          &Counters::idle_closed);
    total("eventcore_connections_timed_out_total", "Half a request, or a reply not taken.",
          &Counters::timed_out);
    total("eventcore_connections_forced_total", "Cut off at the end of a stop.",
          &Counters::forced);
    total("eventcore_received_bytes_total", "Bytes from clients.", &Counters::received_bytes);
    total("eventcore_sent_bytes_total", "Bytes to clients.", &Counters::sent_bytes);
}

void library(Page& page)
{
    const auto counters = library_counters();
    if (!counters) {
        return;
    }
    page.single("dlt_messages_submitted_total", "counter", "Messages that were logged.",
                counters->submitted);
    page.single("dlt_messages_delivered_total", "counter", "Messages that the daemon got.",
                counters->delivered);
    page.single("dlt_messages_waiting", "gauge", "Messages that wait for the daemon.",
                counters->waiting);
    page.single("dlt_messages_lost_total", "counter", "Messages that were lost.", counters->lost);
    page.single("dlt_reconnects_total", "counter", "Connections to the daemon after the first.",
                counters->reconnects);
}

}  // namespace

void add_metrics(Router& router, const Server& server)
{
    router.add("GET", "/metrics", [&server](const Request&, Response& response) {
        Page page;
        requests(page, server.workers());
        connections(page, server);
        library(page);
        response.status = 200;
        response.body = page.text();
        response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    });
}

}  // namespace eventcore::app
