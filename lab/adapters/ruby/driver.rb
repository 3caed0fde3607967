# Reads requests from standard input, and prints what the client did, one line each; adapters/python/driver.py has the
# format.

require "uri"

Request = Struct.new(:method, :uri, :body, :user, :password, :follow, :headers)

def write(*fields)
  $stdout.puts(fields.map { |field| field.to_s.scrub.split.join(" ")[0, 60] }.join("\t"))
end

def parse(line)
  method, url, body, credentials, follow, *headers = line.chomp.split("\t", -1)
  user, password = credentials.split(":", 2)
  pairs = headers.to_h { |header| header.split(": ", 2) }
  Request.new(method, URI(url), body.empty? ? nil : body, user, password, follow == "follow", pairs)
end

# Passes each request to the block, which returns the status and the body, or raises an error.
def serve(version)
  $stdout.sync = true
  write("ready", version)
  $stdin.each_line do |line|
    status, text = yield parse(line)
    write("returned", status, text)
  rescue StandardError => error
    write("raised", status_of(error), error.class)
  end
end

def status_of(error)
  response = error.response if error.respond_to?(:response)
  %i[code status].filter_map { |name| response.public_send(name) if response.respond_to?(name) }.first
end
