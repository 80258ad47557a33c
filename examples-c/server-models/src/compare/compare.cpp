/* SPDX-License-Identifier: MPL-2.0 */
#include "compare/compare.hpp"

#include "compare/child.hpp"
#include "compare/claims.hpp"
#include "compare/load.hpp"
#include "models/server.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace models::compare {
namespace {

const std::string noLogging = "no logging";

struct Measured {
    Answered answered;
    std::size_t threads = 0;
    double processorMicroseconds = 0; // of the server, for a request
    std::int64_t logged = 0;
    std::int64_t lost = 0;
};

// A directory where a library finds a daemon, or what plays one.
class Collector {
public:
    explicit Collector(const std::string& program)
    {
        std::string name = std::filesystem::temp_directory_path() / "server-models.XXXXXX";
        if (!mkdtemp(name.data()))
            net::fail("mkdtemp");
        directory_ = name;
        child_ = std::make_unique<Child>(
            std::vector<std::string>{program, "--fifo", name, "-o", "/dev/null"},
            std::map<std::string, std::string>{}, Child::Reads::standardError);
        const auto end = Clock::now() + std::chrono::seconds(30);
        while (!std::filesystem::exists(directory_ / "dlt")) {
            if (Clock::now() > end)
                throw std::runtime_error(program + " does not start");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    ~Collector()
    {
        child_.reset();
        std::error_code none;
        std::filesystem::remove_all(directory_, none);
    }
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    std::string directory() const { return directory_; }

    // Messages that came, after all who send are gone.
    std::int64_t count()
    {
        for (const auto& line : child_->stop()) {
            long long messages = 0;
            if (std::sscanf(line.c_str(), "dlt-collect: %lld messages", &messages) == 1)
                return messages;
        }
        throw std::runtime_error("dlt-collect tells no count");
    }

private:
    std::filesystem::path directory_;
    std::unique_ptr<Child> child_;
};

std::uint16_t portOf(Child& server)
{
    for (auto line = server.line(); !line.empty(); line = server.line()) {
        unsigned port = 0;
        if (std::sscanf(line.c_str(), "listening on 127.0.0.1 %u", &port) == 1)
            return static_cast<std::uint16_t>(port);
    }
    throw std::runtime_error("the server does not listen");
}

nlohmann::json countsOf(Child& server)
{
    for (const auto& line : server.stop()) {
        if (line.starts_with('{'))
            return nlohmann::json::parse(line);
    }
    throw std::runtime_error("the server tells no counts");
}

Measured measure(const CompareOptions& options, const std::string& logging, const std::string& model,
                 const Load& load)
{
    std::vector<std::string> command = {"/proc/self/exe", "serve", "--port", "0", "--model", model};
    std::map<std::string, std::string> variables;
    std::unique_ptr<Collector> collector;
    if (logging == noLogging) {
        command.push_back("--no-log");
    } else {
        collector = std::make_unique<Collector>(options.collector);
        variables["DLT_PIPE_DIR"] = collector->directory();
        if (const auto& directory = options.libraries.at(logging); !directory.empty())
            variables["LD_LIBRARY_PATH"] = directory;
    }
    Child server(command, variables, Child::Reads::standardOutput);
    const auto port = portOf(server);

    Measured measured;
    ask(port, load, options.time / 10, [] {}); // everything has been used once
    const auto before = server.processorSeconds();
    measured.answered = ask(port, load, options.time, [&] {
        measured.threads = std::max(measured.threads, server.threads());
    });
    measured.processorMicroseconds =
        (server.processorSeconds() - before) * 1e6
        / static_cast<double>(std::max<std::size_t>(measured.answered.latencies.size(), 1));
    const auto log = countsOf(server).at("log");
    if (collector) {
        measured.logged = log.at("accepted").get<std::int64_t>() + log.at("refused").get<std::int64_t>();
        measured.lost = measured.logged - collector->count();
    }
    return measured;
}

Measured median(std::vector<Measured> runs)
{
    std::ranges::sort(runs, {}, [](const Measured& run) { return run.answered.perSecond(); });
    return std::move(runs[runs.size() / 2]);
}

using Key = std::tuple<std::string, std::string, std::string>; // logging, load, model

void printRow(const Key& key, const Measured& measured)
{
    const auto& [logging, load, model] = key;
    const auto claim = claimOf(model);
    const auto lost = logging == noLogging ? "" : std::to_string(measured.lost);
    const auto claimed =
        claim ? std::string(claim->latency) + ", " + std::string(claim->throughput) : "";
    std::printf("| %-10s | %-5s | %-16s | %8.0f | %8.0f | %8.0f | %9.0f | %6.1f | %7zu | %6s | %-16s |\n",
                logging.c_str(), load.c_str(), model.c_str(), measured.answered.microseconds(0.5),
                measured.answered.microseconds(0.99), measured.answered.microseconds(0.999),
                measured.answered.perSecond(), measured.processorMicroseconds, measured.threads,
                lost.c_str(), claimed.c_str());
    std::fflush(stdout);
}

// The same requests with logging, as a share of those without.
void printCosts(const CompareOptions& options, const std::map<Key, Measured>& table)
{
    std::printf("\nRequests a second with logging, as a share of those without; and the server's\n"
                "processor time for a request more than without, in us:\n\n");
    for (const auto& [library, directory] : options.libraries) {
        for (const auto& load : loads()) {
            std::printf("* %s, %s:", library.c_str(), load.name.c_str());
            const char* separator = " ";
            for (const auto& [model, unused] : modelNames()) {
                const auto& without = table.at({noLogging, load.name, model});
                const auto& with = table.at({library, load.name, model});
                std::printf("%s%s %.2f, %+.1f", separator, model.c_str(),
                            with.answered.perSecond() / without.answered.perSecond(),
                            with.processorMicroseconds - without.processorMicroseconds);
                separator = "; ";
            }
            std::printf("\n");
        }
    }
}

void printDifferences(const std::map<Key, Measured>& table)
{
    std::printf("\nWhere this differs from the document, without logging:\n\n");
    for (const auto& load : loads()) {
        std::vector<Figures> measured;
        for (const auto& [model, unused] : modelNames()) {
            const auto& one = table.at({noLogging, load.name, model}).answered;
            measured.push_back({model, one.microseconds(0.5), one.perSecond()});
        }
        for (const auto& line : differences(load.name, measured))
            std::printf("* %s\n", line.c_str());
    }
}

} // namespace

int compare(const CompareOptions& options)
{
    std::vector<std::string> ways = {noLogging};
    for (const auto& [library, directory] : options.libraries)
        ways.push_back(library);

    // All ways to log in turn, over and over: what else the machine does hits each of them.
    std::map<Key, std::vector<Measured>> runs;
    for (unsigned run = 0; run < options.runs; run++) {
        for (const auto& load : loads()) {
            for (const auto& [model, unused] : modelNames()) {
                for (const auto& logging : ways)
                    runs[{logging, load.name, model}].push_back(
                        measure(options, logging, model, load));
            }
        }
    }

    std::printf("| logging    | load  | model            |   p50 us |   p99 us | p99.9 us |        /s | CPU us "
                "| threads |   lost | document says    |\n"
                "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
    std::map<Key, Measured> table;
    std::uint64_t failed = 0;
    for (const auto& logging : ways) {
        for (const auto& load : loads()) {
            for (const auto& [model, unused] : modelNames()) {
                const Key key{logging, load.name, model};
                table[key] = median(std::move(runs[key]));
                printRow(key, table[key]);
                failed += table[key].answered.failed;
            }
        }
    }
    printCosts(options, table);
    printDifferences(table);
    if (failed > 0)
        std::cerr << failed << " requests were not answered as they should\n";
    return failed > 0 ? 1 : 0;
}

} // namespace models::compare
