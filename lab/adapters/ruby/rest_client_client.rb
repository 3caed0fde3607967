# rest-client.

require "rest-client"
require_relative "driver"

serve(RestClient::VERSION) do |request|
  response = RestClient::Request.execute(
    method: request.method.downcase.to_sym,
    url: request.uri.to_s,
    payload: request.body,
    headers: request.headers,
    user: request.user,
    password: request.password
  )
  [response.code, response.body]
end
