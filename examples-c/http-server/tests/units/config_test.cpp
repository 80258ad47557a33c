#include "config.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace eventcore;

namespace {

struct Outcome {
    Parsed parsed;
    std::string out;
    std::string err;
};

Outcome parse(std::vector<const char*> arguments)
{
    arguments.insert(arguments.begin(), "eventcore-httpd");
    std::ostringstream out;
    std::ostringstream err;
    auto parsed =
        parse_command_line(static_cast<int>(arguments.size()), arguments.data(), out, err);
    return {std::move(parsed), out.str(), err.str()};
}

class File {
public:
    explicit File(const std::string& text) : path_(testing::TempDir() + "eventcore.conf")
    {
        std::ofstream(path_) << text;
    }
    ~File() { std::remove(path_.c_str()); }
    const char* path() const { return path_.c_str(); }

private:
    std::string path_;
};

}  // namespace

TEST(TheConfiguration, has_the_documented_defaults)
{
    const auto config = parse({}).parsed.run.value().server;
    EXPECT_EQ(config.host, "0.0.0.0");
    EXPECT_EQ(config.port, 8080);
    EXPECT_EQ(config.backlog, 4096);
    EXPECT_EQ(config.num_workers, 0u);
    EXPECT_EQ(config.num_threads_per_worker, 4u);
    EXPECT_EQ(config.max_connections, 100000u);
    EXPECT_EQ(config.connection_pool_size, 100000u);
    EXPECT_EQ(config.max_request_size, 1048576u);
    EXPECT_EQ(config.keepalive_timeout_sec, 60);
    EXPECT_EQ(config.read_buffer_size, 4096u);
    EXPECT_EQ(config.write_buffer_size, 4096u);
    EXPECT_TRUE(config.tcp_nodelay);
    EXPECT_TRUE(config.tcp_reuseaddr);
    EXPECT_TRUE(config.tcp_reuseport);
    EXPECT_EQ(config.accept_batch_size, 100);
    EXPECT_EQ(config.log_file, "");
    EXPECT_EQ(config.log_level, "info");
}

TEST(TheConfiguration, that_is_dumped_is_read_again_as_it_was)
{
    const auto first = parse({"--host", "127.0.0.1", "--port", "9", "--tcp_nodelay", "false",
                              "--log_file", "/a b", "--dump-config"});
    EXPECT_FALSE(first.parsed.run);
    EXPECT_EQ(first.parsed.exit_code, 0);
    const File file(first.out);
    const auto second = parse({"--config", file.path(), "--dump-config"});
    EXPECT_EQ(second.out, first.out);
    const auto config = parse({"--config", file.path()}).parsed.run.value().server;
    EXPECT_EQ(config.host, "127.0.0.1");
    EXPECT_EQ(config.port, 9);
    EXPECT_FALSE(config.tcp_nodelay);
    EXPECT_TRUE(config.tcp_reuseport);
    EXPECT_EQ(config.log_file, "/a b");
}

TEST(TheConfiguration, on_the_command_line_outweighs_the_file)
{
    const File file("port = 1234\nlog_level = \"debug\"\n");
    const auto config = parse({"--config", file.path(), "--port", "99"}).parsed.run.value().server;
    EXPECT_EQ(config.port, 99);
    EXPECT_EQ(config.log_level, "debug");
}

TEST(TheConfiguration, that_makes_no_sense_is_refused_with_its_name)
{
    const std::vector<std::vector<const char*>> cases{
        {"--port", "65536"},
        {"--port", "x"},
        {"--backlog", "0"},
        {"--num_threads_per_worker", "0"},
        {"--max_connections", "0"},
        {"--keepalive_timeout_sec", "-1"},
        {"--accept_batch_size", "0"},
        {"--log_level", "loud"},
        {"--unknown", "1"},
    };
    for (const auto& arguments : cases) {
        const auto outcome = parse(arguments);
        EXPECT_FALSE(outcome.parsed.run) << arguments[0];
        EXPECT_NE(outcome.parsed.exit_code, 0) << arguments[0];
        EXPECT_NE(outcome.err.find(arguments[0] + 2), std::string::npos) << outcome.err;
    }
    const File file("ports = 1\n");
    EXPECT_NE(parse({"--config", file.path()}).parsed.exit_code, 0);
}
