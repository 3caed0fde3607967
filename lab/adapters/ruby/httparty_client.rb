# HTTParty.

require "httparty"
require_relative "driver"

serve(HTTParty::VERSION) do |request|
  options = { body: request.body, headers: request.headers }
  options[:basic_auth] = { username: request.user, password: request.password } if request.user
  response = HTTParty.public_send(request.method.downcase, request.uri.to_s, options)
  [response.code, response.body]
end
