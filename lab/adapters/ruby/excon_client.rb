# Excon.

require "excon"
require_relative "driver"

FOLLOWING = Excon.defaults[:middlewares] + [Excon::Middleware::RedirectFollower]

serve(Excon::VERSION) do |request|
  options = { method: request.method, body: request.body, headers: request.headers }
  options.merge!(user: request.user, password: request.password) if request.user
  options[:middlewares] = FOLLOWING if request.follow
  response = Excon.new(request.uri.to_s).request(options.compact)
  [response.status, response.body]
end
