#pragma once
// Private to core/http: it shows Asio.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <functional>
#include <string>

namespace bulkhead::http {

/// Accepts from a listening socket that is somebody else's, on the thread of one io_context.
class Listener {
public:
    using Take = std::function<void(int socket, std::string address)>;

    /// Throws std::system_error when the socket cannot be duplicated.
    Listener(boost::asio::io_context& context, int socket, Take take);

    void accept();
    /// Goes on after a shortage of descriptors or memory; called once a second.
    void resume();
    void close();

private:
    void take_some();
    int take_one();
    bool survive(int error);
    void go_on();
    bool is_short_of_descriptors();
    void pause(int error);

    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
    Take take_;
    int first_reserved_ = 0;
    bool paused_ = false;
    int seconds_until_log_ = 0;
};

}  // namespace bulkhead::http
