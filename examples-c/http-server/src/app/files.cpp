// Files of one directory below /static/, sent by the kernel.
#include "app/app.hpp"
#include "log.hpp"
#include "unique_fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace eventcore::app {
namespace {

// Goes down name by name and follows no link: whatever a name says, it stays in the directory.
UniqueFd open_below(int directory, std::string_view path)
{
    UniqueFd at;
    while (true) {
        const auto slash = path.find('/');
        const std::string name(path.substr(0, slash));
        if (name.empty() || name == "." || name == "..") {
            errno = EACCES;
            return {};
        }
        const bool last = slash == path.npos;
        // Without waiting: a FIFO among the files would hold the thread.
        const int kind = last ? O_NONBLOCK : O_DIRECTORY;
        UniqueFd next(::openat(at ? at.get() : directory, name.c_str(),
                               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind));
        if (!next || last) {
            return next;
        }
        at = std::move(next);
        path.remove_prefix(slash + 1);
    }
}

std::string_view type_of(std::string_view path)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css"},
        {".js", "text/javascript"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".txt", "text/plain; charset=utf-8"},
    }};
    for (const auto& [ending, type] : types) {
        if (path.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

std::string tag_of(const struct stat& status)
{
    return '"' + std::to_string(status.st_ino) + '-' + std::to_string(status.st_size) + '-' +
           std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec) +
           '"';
}

void serve(int directory, const Request& request, Response& response)
{
    const std::string_view path = request.captures.at(0);
    UniqueFd file = open_below(directory, path);
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        // The same for what is not there and what may not be had: it is nobody's business which.
        if (errno == EACCES || errno == ELOOP) {
            DLT_LOG(log::router, DLT_LOG_WARN, DLT_STRING("no file of ours:"),
                    DLT_SIZED_STRING(request.target.data(),
                                     static_cast<std::uint16_t>(
                                         std::min<std::size_t>(request.target.size(), 256))));
        }
        return response.fail(404);
    }
    const auto tag = tag_of(status);
    response.set("ETag", tag);
    if (request.fields.find("If-None-Match") == tag) {
        response.status = 304;
        return;
    }
    response.set("Content-Type", type_of(path));
    response.file = std::move(file);
    response.file_size = static_cast<std::size_t>(status.st_size);
}

}  // namespace

void add_files(Router& router, const std::string& directory)
{
    const auto opened = std::make_shared<UniqueFd>(
        ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!*opened) {
        throw std::system_error(errno, std::generic_category(), directory);
    }
    router.add_pattern("GET", "/static/(.+)",
                       [opened](const Request& request, Response& response) {
                           serve(opened->get(), request, response);
                       });
}

}  // namespace eventcore::app
