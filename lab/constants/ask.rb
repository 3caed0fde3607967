# Ask Rack for its symbols of status codes. Rails takes the same symbols.
# RUBYLIB names the `lib` of a Rack that is not installed as a gem.
require "json"
require "rack"
require "rack/utils"

# The symbols that Rack still takes, with a warning, are in a private constant since Rack 3.1.
obsolete = Rack::Utils.module_eval do
  const_defined?(:OBSOLETE_SYMBOLS_TO_STATUS_CODES) ? const_get(:OBSOLETE_SYMBOLS_TO_STATUS_CODES) : {}
end
# A symbol in quotes, such as that of 306 before Rack 3.1, is a phrase that nobody writes.
current = Rack::Utils::SYMBOL_TO_STATUS_CODE.reject { |symbol, _| symbol.inspect.include?('"') }
codes = {}
(current.values + obsolete.values).uniq.each do |code|
  names = current.select { |_, number| number == code }.keys.map(&:inspect)
  codes[code] = {
    name: names.first,
    aliases: names.drop(1),
    deprecated: obsolete.select { |_, number| number == code }.keys.map(&:inspect),
    phrase: Rack::Utils::HTTP_STATUS_CODES[code]
  }
end
puts JSON.pretty_generate({ version: Rack.release, codes: codes })
