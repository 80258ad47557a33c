/* SPDX-License-Identifier: MPL-2.0 */
// A coroutine that starts when it is awaited, or when start() is called, and then resumes whoever
// awaits it. The object owns the coroutine: its end is the end of the coroutine, wherever that is.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace models {

template <typename Value = void>
class Task;

namespace detail {

struct PromiseBase {
    // Resumes whoever awaits, in place of this coroutine: however many finish in a row, the stack
    // does not grow.
    struct Finished {
        bool await_ready() const noexcept { return false; }
        template <typename Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept
        {
            return self.promise().awaiting;
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    Finished final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { failure = std::current_exception(); }

    std::coroutine_handle<> awaiting = std::noop_coroutine();
    std::exception_ptr failure;
};

template <typename Value>
struct Promise : PromiseBase {
    Task<Value> get_return_object() noexcept;
    void return_value(Value result) { value.emplace(std::move(result)); }
    Value take() { return std::move(*value); }

    std::optional<Value> value;
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const noexcept {}
};

} // namespace detail

template <typename Value>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<Value>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Task()
    {
        if (handle_)
            handle_.destroy();
    }

    // Runs it up to where it waits for the first time, or to its end.
    void start() { handle_.resume(); }

    bool isDone() const { return handle_.done(); }

    // Where it is to be resumed.
    std::coroutine_handle<> handle() const { return handle_; }

    // What it has returned, or thrown.
    Value result()
    {
        if (handle_.promise().failure)
            std::rethrow_exception(handle_.promise().failure);
        return handle_.promise().take();
    }

    auto operator co_await() && noexcept
    {
        struct Awaiter {
            Task& task;

            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept
            {
                task.handle_.promise().awaiting = awaiting;
                return task.handle_;
            }
            Value await_resume() const { return task.result(); }
        };
        return Awaiter{*this};
    }

private:
    Handle handle_;
};

template <typename Value>
Task<Value> detail::Promise<Value>::get_return_object() noexcept
{
    return Task<Value>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> detail::Promise<void>::get_return_object() noexcept
{
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

} // namespace models
