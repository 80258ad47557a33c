/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Logs a value of every type that dlt_cpp_extension.hpp knows, to the file that is named.
 */
#include <dlt/dlt_cpp_extension.hpp>

namespace {

struct Point {
    int32_t x;
    int32_t y;
};

} // namespace

template <>
int32_t logToDlt(DltContextData &log, Point const &value)
{
    return logToDltVariadic(log, value.x, value.y);
}

DLT_DECLARE_CONTEXT(context)

int main(int count, char **arguments)
{
    if (count != 2 || dlt_init_file(arguments[1]) != DLT_RETURN_OK)
        return 1;
    dlt_set_filesize_max(0);
    DLT_REGISTER_APP("CPPX", "values of C++");
    DLT_REGISTER_CONTEXT_LL_TS(context, "CTX", "values", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);

    char text[] = "array";
    char *const pointer = text;
    DLT_LOG_CXX(context, DLT_LOG_INFO, static_cast<int8_t>(-8), static_cast<int16_t>(-16),
                static_cast<int32_t>(-32), static_cast<int64_t>(-64));
    DLT_LOG_CXX(context, DLT_LOG_INFO, static_cast<uint8_t>(8), static_cast<uint16_t>(16),
                static_cast<uint32_t>(32), static_cast<uint64_t>(64));
    DLT_LOG_CXX(context, DLT_LOG_INFO, 1.5f, 2.25, true, false);
    DLT_LOG_CXX(context, DLT_LOG_INFO, "literal", text, pointer, std::string("string"));
    DLT_LOG_CXX(context, DLT_LOG_INFO, std::vector<int32_t>{1, 2}, std::list<std::string>{"a", "b"},
                std::vector<bool>{true, false});
    DLT_LOG_CXX(context, DLT_LOG_INFO, std::map<std::string, double>{{"one", 1.0}, {"two", 2.0}});
    DLT_LOG_CXX(context, DLT_LOG_INFO,
                std::map<int32_t, std::vector<std::string>>{{1, {"nested", "values"}}});
    DLT_LOG_CXX(context, DLT_LOG_INFO, Point{3, 4}, std::vector<Point>{{5, 6}});
    DLT_LOG_CXX(context, DLT_LOG_DEBUG, "not seen");
    DLT_LOG_FCN_CXX(context, DLT_LOG_WARN, "in a function");

    DLT_UNREGISTER_CONTEXT(context);
    DLT_UNREGISTER_APP();
    return 0;
}
