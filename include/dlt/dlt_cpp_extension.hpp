/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Logging of plain C++ values, from C++11 on:
 *
 *     DLT_LOG_CXX(context, DLT_LOG_INFO, "temperature", 21.5, sensors);
 *
 * A type of one's own is logged by a specialisation of logToDlt for it:
 *
 *     template <> int32_t logToDlt(DltContextData &log, Point const &value)
 *     {
 *         return logToDltVariadic(log, value.x, value.y);
 *     }
 *
 * The functions return 0, or another value when an argument could not be logged.
 */
#ifndef DLT_CPP_EXTENSION_HPP
#define DLT_CPP_EXTENSION_HPP

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "dlt.h"

/* Types that nobody has said anything about cannot be logged. */
template <typename T>
int32_t logToDlt(DltContextData &log, T const &value) = delete;

template <>
inline int32_t logToDlt(DltContextData &log, int8_t const &value)
{
    return dlt_user_log_write_int8(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, int16_t const &value)
{
    return dlt_user_log_write_int16(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, int32_t const &value)
{
    return dlt_user_log_write_int32(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, int64_t const &value)
{
    return dlt_user_log_write_int64(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, uint8_t const &value)
{
    return dlt_user_log_write_uint8(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, uint16_t const &value)
{
    return dlt_user_log_write_uint16(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, uint32_t const &value)
{
    return dlt_user_log_write_uint32(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, uint64_t const &value)
{
    return dlt_user_log_write_uint64(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, float32_t const &value)
{
    return dlt_user_log_write_float32(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, double const &value)
{
    return dlt_user_log_write_float64(&log, value);
}

template <>
inline int32_t logToDlt(DltContextData &log, bool const &value)
{
    return dlt_user_log_write_bool(&log, value);
}

static inline int32_t logToDlt(DltContextData &log, char const *const value)
{
    return dlt_user_log_write_utf8_string(&log, value);
}

static inline int32_t logToDlt(DltContextData &log, char *const value)
{
    return dlt_user_log_write_utf8_string(&log, value);
}

/* Up to the first NUL that is in it. */
template <>
inline int32_t logToDlt(DltContextData &log, std::string const &value)
{
    return dlt_user_log_write_utf8_string(&log, value.c_str());
}

/* Containers: each element is an argument. They are declared first, so that they may hold others. */
template <typename T, typename Allocator>
int32_t logToDlt(DltContextData &log, std::vector<T, Allocator> const &value);
template <typename T, typename Allocator>
int32_t logToDlt(DltContextData &log, std::list<T, Allocator> const &value);
template <typename Key, typename T, typename Compare, typename Allocator>
int32_t logToDlt(DltContextData &log, std::map<Key, T, Compare, Allocator> const &value);

template <typename T, typename Allocator>
inline int32_t logToDlt(DltContextData &log, std::vector<T, Allocator> const &value)
{
    int32_t result = 0;
    for (auto const &element : value)
        result += logToDlt(log, element);
    return result == 0 ? 0 : -1;
}

/* Its elements are bits, which are no values that a reference could be to. */
template <typename Allocator>
inline int32_t logToDlt(DltContextData &log, std::vector<bool, Allocator> const &value)
{
    int32_t result = 0;
    for (bool const element : value)
        result += logToDlt(log, element);
    return result == 0 ? 0 : -1;
}

template <typename T, typename Allocator>
inline int32_t logToDlt(DltContextData &log, std::list<T, Allocator> const &value)
{
    int32_t result = 0;
    for (auto const &element : value)
        result += logToDlt(log, element);
    return result == 0 ? 0 : -1;
}

/* Each entry is two arguments: key, value. */
template <typename Key, typename T, typename Compare, typename Allocator>
inline int32_t logToDlt(DltContextData &log, std::map<Key, T, Compare, Allocator> const &value)
{
    int32_t result = 0;
    for (auto const &entry : value) {
        result += logToDlt(log, entry.first);
        result += logToDlt(log, entry.second);
    }
    return result == 0 ? 0 : -1;
}

/* Any number of arguments. */
static inline int32_t logToDltVariadic(DltContextData &)
{
    return 0;
}

template <typename First, typename... Rest>
inline int32_t logToDltVariadic(DltContextData &log, First const &first, Rest const &...rest)
{
    int32_t const result = logToDlt(log, first) + logToDltVariadic(log, rest...);
    return result == 0 ? 0 : -1;
}

/* What the macros call: unlike a function's, its list of arguments may be empty. */
struct logToDltAll {
    DltContextData &log;

    template <typename... Values>
    int32_t operator()(Values const &...values) const
    {
        return logToDltVariadic(log, values...);
    }
};

/*
 * Log a message of these values. In the arguments, the name log means the message.
 */
#define DLT_LOG_CXX(CONTEXT, LOGLEVEL, ...) \
    do { \
        DltContextData log; \
        if (dlt_user_log_write_start(&CONTEXT, &log, LOGLEVEL) > 0) { \
            (void)logToDltAll{log}(__VA_ARGS__); \
            (void)dlt_user_log_write_finish(&log); \
        } \
    } while (false)

/* Log a message of these values, and in front of them the name of the function. */
#define DLT_LOG_FCN_CXX(CONTEXT, LOGLEVEL, ...) \
    do { \
        DltContextData log; \
        if (dlt_user_log_write_start(&CONTEXT, &log, LOGLEVEL) > 0) { \
            (void)dlt_user_log_write_string(&log, __PRETTY_FUNCTION__); \
            (void)logToDltAll{log}(__VA_ARGS__); \
            (void)dlt_user_log_write_finish(&log); \
        } \
    } while (false)

#endif
