# Faraday, with its default adapter.

require "faraday"
require "faraday_middleware"
require_relative "driver"

serve(Faraday::VERSION) do |request|
  connection = Faraday.new do |faraday|
    faraday.response :follow_redirects if request.follow
    faraday.basic_auth(request.user, request.password) if request.user
  end
  response = connection.run_request(request.method.downcase.to_sym, request.uri, request.body, request.headers)
  [response.status, response.body]
end
