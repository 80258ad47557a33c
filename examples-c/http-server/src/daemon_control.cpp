#include "daemon_control.hpp"

#include "log.hpp"

#include <dlt/dlt_client.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <mutex>

namespace eventcore {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(2);

struct Answer {
    Clock::time_point until;
    bool came = false;
    bool yes = false;
};

// The daemon sends all that is logged here, too; only its answer counts.
int look_at(DltMessage* message, void* data)
{
    auto* answer = static_cast<Answer*>(data);
    std::uint32_t service = 0;
    if (answer != nullptr && DLT_MSG_IS_CONTROL_RESPONSE(message) && message->datasize > 4) {
        std::memcpy(&service, message->databuffer, sizeof service);
        service = DLT_ENDIAN_GET_32(message->standardheader->htyp, service);
    }
    if (service == DLT_SERVICE_ID_SET_LOG_LEVEL) {
        answer->came = true;
        answer->yes = message->databuffer[4] == DLT_SERVICE_RESPONSE_OK;
    }
    return 0;
}

bool wants_more(void* data)
{
    const auto* answer = static_cast<const Answer*>(data);
    return answer != nullptr && !answer->came && Clock::now() < answer->until;
}

class Client {
public:
    Client() { (void)dlt_client_init(&client_, 0); }
    ~Client() { (void)dlt_client_cleanup(&client_, 0); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool connect()
    {
        std::string server = "127.0.0.1";
        if (dlt_client_set_server_ip(&client_, server.data()) < DLT_RETURN_OK ||
            dlt_client_connect(&client_, 0) < DLT_RETURN_OK) {
            return false;
        }
        const timeval time{std::chrono::seconds(patience).count(), 0};
        (void)::setsockopt(client_.sock, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
        return true;
    }

    DltClient* get() { return &client_; }

private:
    DltClient client_{};
};

}  // namespace

bool ask_for_level(std::string context, DltLogLevelType level)
{
    // The library has one of each for all; what belongs to who asks is in the Answer.
    static std::once_flag registered;
    std::call_once(registered, [] {
        dlt_client_register_message_callback(look_at);
        dlt_client_register_fetch_next_message_callback(wants_more);
    });
    Client client;
    std::string application = log::application;
    if (!client.connect() ||
        dlt_client_send_log_level(client.get(), application.data(), context.data(),
                                  static_cast<std::uint8_t>(level)) < DLT_RETURN_OK) {
        return false;
    }
    // Who leaves before the daemon has answered may not have been heard.
    Answer answer{Clock::now() + patience};
    (void)dlt_client_main_loop(client.get(), &answer, 0);
    return answer.yes;
}

}  // namespace eventcore
