# Net::HTTP, with a session.

require "net/http"
require_relative "driver"

sessions = Hash.new { |started, (host, port)| started[[host, port]] = Net::HTTP.start(host, port) }

serve(RUBY_VERSION) do |request|
  message = Net::HTTP.const_get(request.method.capitalize).new(request.uri, request.headers)
  message.basic_auth(request.user, request.password) if request.user
  response = sessions[[request.uri.host, request.uri.port]].request(message, request.body)
  [response.code, response.body]
end
