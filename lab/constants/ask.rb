# Print Rack's symbols for status codes. Rails uses the same symbols.
# To use a Rack that isn't installed as a gem, set RUBYLIB to its `lib` folder.
require "json"
require "rack"
require "rack/utils"

# Since Rack 3.1, symbols that are accepted with a warning are in a private constant.
obsolete = Rack::Utils.module_eval do
  const_defined?(:OBSOLETE_SYMBOLS_TO_STATUS_CODES) ? const_get(:OBSOLETE_SYMBOLS_TO_STATUS_CODES) : {}
end
# Skip quoted symbols, such as the one for 306 before Rack 3.1: they aren't used in practice.
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
