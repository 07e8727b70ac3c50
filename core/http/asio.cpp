// Asio's own function bodies, compiled once for the whole library.

#include <boost/asio/impl/src.hpp>
