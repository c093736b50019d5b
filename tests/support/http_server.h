#pragma once
/// A small HTTP server on this machine, in a thread of its own, that does what a test wants it to.

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace zipml::test {

struct HttpRequest {
    std::string path;
    std::map<std::string, std::string> headers; ///< names in lower case
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

struct HttpReply {
    int status = 200;
    std::vector<std::string>
        headers; ///< "Name: value"; Content-Length is added to all but a Transfer-Encoding
    std::string body;
    std::size_t send = std::string::npos; ///< bytes of the body, after which the connection breaks off
    bool hang = false;                    ///< then says nothing more until the other side goes
};

class HttpServer {
  public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;

    explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
        std::atomic<int> port = 0;
        thread_ = std::jthread([this, &port](const std::stop_token& stop) {
            QTcpServer server; // used in this thread only
            server.listen(QHostAddress::LocalHost);
            port = server.serverPort();
            port.notify_one();
            while (!stop.stop_requested())
                if (server.waitForNewConnection(20)) {
                    const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
                    serve(*socket, stop);
                }
        });
        port.wait(0);
        port_ = port;
    }

    [[nodiscard]] std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    [[nodiscard]] std::vector<HttpRequest> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    void serve(QTcpSocket& socket, const std::stop_token& stop) {
        QByteArray head;
        while (!head.contains("\r\n\r\n"))
            if (socket.waitForReadyRead(1000))
                head += socket.readAll();
            else if (stop.stop_requested() || socket.state() != QTcpSocket::ConnectedState)
                return;
        HttpRequest request;
        const auto lines = head.split('\n');
        request.path = lines[0].split(' ').value(1).toStdString();
        for (qsizetype i = 1; i < lines.size(); ++i)
            if (const auto colon = lines[i].indexOf(':'); colon > 0)
                request.headers[lines[i].left(colon).toLower().toStdString()] =
                    lines[i].mid(colon + 1).trimmed().toStdString();
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        const HttpReply reply = handler_(request);
        std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Reply\r\nConnection: close\r\n";
        for (const auto& header : reply.headers)
            text += header + "\r\n";
        const bool encoded = std::ranges::any_of(
            reply.headers, [](const std::string& each) { return each.starts_with("Transfer-Encoding"); });
        if (!encoded)
            text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
        text += "\r\n" + reply.body.substr(0, reply.send);
        socket.write(text.data(), static_cast<qint64>(text.size()));
        while (socket.bytesToWrite() > 0 && socket.state() == QTcpSocket::ConnectedState)
            socket.waitForBytesWritten(100);
        while (reply.hang && !stop.stop_requested() && socket.state() == QTcpSocket::ConnectedState)
            socket.waitForReadyRead(20);
        socket.disconnectFromHost();
        if (socket.state() != QTcpSocket::UnconnectedState)
            socket.waitForDisconnected(1000);
    }

    Handler handler_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<HttpRequest> requests_;
    std::jthread thread_; // last: it uses the others
};

/// A file as a good server gives it out: all of it, or the range asked for while the ETag is still `etag`.
inline HttpReply fileReply(const HttpRequest& request, const std::string& contents, const std::string& etag) {
    HttpReply reply;
    reply.body = contents;
    if (!etag.empty())
        reply.headers.push_back("ETag: " + etag);
    const std::string range = request.header("range"), condition = request.header("if-range");
    if (!range.starts_with("bytes=") || (!condition.empty() && condition != etag))
        return reply;
    const std::size_t begin = std::stoul(range.substr(6));
    if (begin >= contents.size())
        return {416, {"Content-Range: bytes */" + std::to_string(contents.size())}, "", {}, {}};
    reply.status = 206;
    reply.body = contents.substr(begin);
    reply.headers.push_back("Content-Range: bytes " + std::to_string(begin) + "-" +
                            std::to_string(contents.size() - 1) + "/" + std::to_string(contents.size()));
    return reply;
}

} // namespace zipml::test
