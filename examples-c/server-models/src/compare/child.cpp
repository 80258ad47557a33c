/* SPDX-License-Identifier: MPL-2.0 */
#include "compare/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace models::compare {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (const auto& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

Child::Child(const std::vector<std::string>& command,
             const std::map<std::string, std::string>& variables, Reads reads)
{
    std::vector<std::string> environment;
    for (char** variable = environ; *variable; variable++) {
        const std::string text(*variable);
        if (!variables.contains(text.substr(0, text.find('='))))
            environment.push_back(text);
    }
    for (const auto& [name, value] : variables)
        environment.push_back(name + '=' + value);

    int ends[2];
    net::orFail(pipe2(ends, O_CLOEXEC), "pipe2");
    output_ = net::Descriptor(ends[0]);
    const net::Descriptor theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int wanted = reads == Reads::standardOutput ? STDOUT_FILENO : STDERR_FILENO;
    const int other = reads == Reads::standardOutput ? STDERR_FILENO : STDOUT_FILENO;
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), wanted);
    posix_spawn_file_actions_addopen(&actions, other, "/dev/null", O_WRONLY, 0);
    errno = posix_spawnp(&pid_, command[0].c_str(), &actions, nullptr, pointers(command).data(),
                         pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (errno)
        net::fail(command[0].c_str());
}

Child::~Child()
{
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::string Child::line()
{
    for (;;) {
        if (const auto end = read_.find('\n'); end != read_.npos) {
            auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        char bytes[4096];
        const auto count = ::read(output_.get(), bytes, sizeof bytes);
        if (count <= 0)
            return std::exchange(read_, {});
        read_.append(bytes, static_cast<std::size_t>(count));
    }
}

std::vector<std::string> Child::stop()
{
    kill(pid_, SIGTERM);
    std::vector<std::string> lines;
    for (auto next = line(); !next.empty(); next = line())
        lines.push_back(std::move(next));
    return lines;
}

std::size_t Child::threads() const
{
    std::error_code none;
    const std::filesystem::directory_iterator tasks(
        "/proc/" + std::to_string(pid_) + "/task", none);
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

double Child::processorSeconds() const
{
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    // Behind the name, which may have anything in it, the times are the 12th and 13th word.
    std::istringstream words(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int word = 0; word < 11; word++)
        words >> skipped;
    double user = 0, system = 0;
    words >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace models::compare
