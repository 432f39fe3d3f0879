-- What HTML says by class, said to typst by functions of report.typ and to Word by styles of reference.docx.

local to_typst = FORMAT:match('typst')
local functions = {cover = true, title = true, subtitle = true, mark = true, conclusion = true, step = true,
                   clause = true, result = true, note = true, signatures = true, commitment = true,
                   worked = true, sheet = true, seal = true, ['note-title'] = true, page = 'leaf', joined = 'set-close', short = 'set-short',
                   lead = true, stamp = true, symbols = true, house = true}
local styles = {title = 'Title', subtitle = 'Subtitle', mark = 'Mark', clause = 'Clause', result = 'Result',
                note = 'Note', commitment = 'Note', lead = 'Result', house = 'Subtitle', stamp = 'Clause',
                ['note-title'] = 'Result'}
local small_tables = {strip = 'strip', fine = 'fine', sources = 'small', wide = 'small', fields = 'fields', blank = 'form', form = 'form'}
local narrow = {sources = true, wide = true, fine = true, strip = true}  -- tables in smaller type

local function typst_string(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

local function wrapped(name, blocks)
  local made = pandoc.List({pandoc.RawBlock('typst', '#' .. name .. '[')})
  made:extend(blocks)
  made:insert(pandoc.RawBlock('typst', ']'))
  return made
end

-- Whether a box, a table or a page is so short that it stays whole; one longer than a sheet would run out of it.
local function is_short(block, letters)
  return utf8.len(pandoc.utils.stringify(block)) <= (letters or 500)
end

local function page_break()
  return pandoc.RawBlock('openxml', '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
end

-- A heading with a bookmark inside its paragraph: LibreOffice loses one that stands between a table and a paragraph.
local function marked(header, name, number)
  local at = ' w:id="' .. 100000 + number .. '"'
  header.content:insert(1, pandoc.RawInline('openxml', '<w:bookmarkStart' .. at .. ' w:name="' .. name .. '"/>'))
  header.content:insert(pandoc.RawInline('openxml', '<w:bookmarkEnd' .. at .. '/>'))
end

-- The number of the page where a bookmark stands, which Word and LibreOffice fill in.
local function page_of(name)
  local function run(content) return '<w:r>' .. content .. '</w:r>' end
  return pandoc.RawInline('openxml', run('<w:tab/>') .. run('<w:fldChar w:fldCharType="begin" w:dirty="true"/>') ..
    run('<w:instrText xml:space="preserve"> PAGEREF ' .. name .. ' \\h </w:instrText>') ..
    run('<w:fldChar w:fldCharType="separate"/>') .. run('<w:t></w:t>') .. run('<w:fldChar w:fldCharType="end"/>'))
end

-- TeX that both Word and LibreOffice read: a relation has something on its left, a sum its summand, words are words.
local function for_word(tex)
  tex = tex:gsub('\\mathopen%s*{}%s*', ''):gsub('\\mathclose%s*{}%s*', ''):gsub('%^{%s*}', '')
  tex = tex:gsub('\\mathrm{(%a%a+)}', '\\text{%1}')
  return tex:find('^%s*=') and '\\text{\u{2002}}' .. tex or tex
end

local function formula(kind, element)
  local tex = pandoc.utils.stringify(element):gsub('%^(%b{})', function(power)  -- 1/x is read where a fraction is not
    return '^' .. power:gsub('\\frac(%b{})(%b{})', '%1/%2')
  end)
  return pandoc.Math(kind, to_typst and tex or for_word(tex))
end

-- First of all: what HTML says of formulas and of the front, in pandoc's own elements.
local to_elements = {}

function to_elements.Span(span)
  if span.classes:includes('math') then return formula('InlineMath', span) end
end

-- Boxes that mean nothing on paper: what scrolls, which would be as narrow as its table, and what is quiet in JupyterLab.
local function is_plain(div)
  for _, class in ipairs(div.classes) do
    if class ~= 'table-box' and not class:find('_ignore$') then return false end
  end
  return #div.classes > 0
end

-- Two pictures beside each other, each above its caption; in Word what else is beside each other stands below.
local function beside_in_word(div)
  local pictures, captions = pandoc.List(), pandoc.List()
  div:walk({Figure = function(figure)
    figure:walk({Image = function(image) pictures:insert({pandoc.Plain({image})}) end})
    captions:insert({pandoc.Plain(pandoc.utils.blocks_to_inlines(figure.caption.long))})
  end, Table = function() captions:insert(false) end})
  if #pictures ~= 2 or #captions ~= 2 then return nil end
  local aligned, widths = {'AlignCenter', 'AlignCenter'}, {0.5, 0.5}
  local made = pandoc.utils.from_simple_table(pandoc.SimpleTable({}, aligned, widths, {}, {pictures, captions}))
  made.classes:insert('pictures')
  return made
end

function to_elements.Div(div)
  if is_plain(div) then return div.content end
  if div.classes:includes('math') then
    return pandoc.Para({formula('DisplayMath', div)})
  end
  if div.classes:includes('beside') and not to_typst then return beside_in_word(div) end
  if div.classes:includes('beside') then
    return div:walk({Table = function(made)
      made.classes:insert('half')
      return made
    end})
  end
  if div.classes:includes('front') then  -- its title is no part of the contents
    return div:walk({Header = function(header)
      if header.level == 1 then return pandoc.Div({pandoc.Plain(header.content)}, {class = 'title'}) end
    end}).content
  end
end

-- A formula with what a reader of the screen says of it.
local function spoken(math)
  return {pandoc.RawInline('typst', '#[#set math.equation(alt: ' .. typst_string(math.text) .. ');'), math,
          pandoc.RawInline('typst', ']')}
end

local function equation(div)
  local formula, number
  div:walk({
    Math = function(math) formula = math end,
    Span = function(span) if span.classes:includes('number') then number = pandoc.utils.stringify(span) end end,
  })
  if not number then return div.content end
  if to_typst then
    return {pandoc.RawBlock('typst', '#numbered(' .. typst_string(number) .. ')['),
            pandoc.Para(spoken(formula)), pandoc.RawBlock('typst', ']')}
  end
  local tab = pandoc.RawInline('openxml', '<w:r><w:tab/></w:r>')
  local inline = pandoc.Math('InlineMath', '\\displaystyle ' .. formula.text)
  return pandoc.Div({pandoc.Para({tab, inline, tab, pandoc.Str(number)})}, {['custom-style'] = 'Equation'})
end

-- Noto Sans SC has no small indices: they are set from its own numerals.
local raised = {['⁰'] = '0', ['⁵'] = '5', ['⁶'] = '6', ['⁷'] = '7', ['⁸'] = '8', ['⁹'] = '9', ['⁻'] = '−', ['¹'] = '1',
                ['²'] = '2', ['³'] = '3', ['⁴'] = '4'}
local lowered = {['₀'] = '0', ['₁'] = '1', ['₂'] = '2', ['₃'] = '3', ['₄'] = '4', ['₅'] = '5', ['₆'] = '6', ['₇'] = '7',
                 ['₈'] = '8', ['₉'] = '9'}

local long_word = 24  -- letters beyond which an id breaks at its points

local finished = {}

function finished.Math(math)
  return to_typst and spoken(math) or nil
end

function finished.Str(text)
  if not to_typst then  -- Word breaks a word rather than a line at a wide blank
    return text.text:find('\u{3000}') and pandoc.Str((text.text:gsub('\u{3000}', ' \u{2002}'))) or nil
  end
  if #text.text > long_word and text.text:find('^[%w%[][%w._:%-]+%]?$') then
    local pieces = pandoc.List()
    for piece in text.text:gmatch('[^._:]*[._:]?') do
      if piece ~= '' then pieces:extend({pandoc.Str(piece), pandoc.RawInline('typst', '#box()')}) end
    end
    return pieces
  end
  if text.text:find('^%u+%-[%u%d-]+%p?$') then  -- a code such as EX-2024-01 stays whole
    return {pandoc.RawInline('typst', '#box['), text, pandoc.RawInline('typst', ']')}
  end
  if not text.text:find('[\xc2\xe2]') then return nil end
  local made, plain = pandoc.List(), ''
  local function flush()
    if plain ~= '' then made:insert(pandoc.Str(plain)) end
    plain = ''
  end
  for _, code in utf8.codes(text.text) do
    local mark = utf8.char(code)
    if raised[mark] or lowered[mark] then
      flush()
      made:insert(raised[mark] and pandoc.Superscript(raised[mark]) or pandoc.Subscript(lowered[mark]))
    else
      plain = plain .. mark
    end
  end
  flush()
  return made
end

-- A heading of Word's first level that begins no page of its own.
local function heading_in_page(header)
  local escape = {['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;'}
  return pandoc.RawBlock('openxml', '<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:pageBreakBefore w:val="0"/></w:pPr>' ..
    '<w:r><w:t>' .. pandoc.utils.stringify(header):gsub('[&<>]', escape) .. '</w:t></w:r></w:p>')
end

-- In Word the conclusion and what follows it begin new pages, and the others where there is room.
local pages, own_pages = 0, 2

function finished.Div(div)
  if div.classes:includes('equation') then return equation(div) end
  if div.classes:includes('page') and not to_typst then
    pages = pages + 1
    if pages > own_pages or div.classes:includes('joined') then return div:walk({Header = heading_in_page}) end
  end
  if div.classes:includes('beside') and to_typst then
    local made = pandoc.List()
    for place, part in ipairs(div.content) do
      made:insert(pandoc.RawBlock('typst', place == 1 and '#beside[' or ']['))
      made:extend(part.content)
    end
    made:insert(pandoc.RawBlock('typst', ']'))
    return made
  end
  if to_typst and div.classes:includes('note') then
    if is_short(div, 800) then return wrapped('short-note', div.content) end
  end
  for _, class in ipairs(div.classes) do
    if class == 'page' and div.classes:includes('joined') then class = is_short(div, 900) and 'short' or 'joined' end
    if to_typst and functions[class] then return wrapped(functions[class] == true and class or functions[class], div.content) end
    if styles[class] then
      div.attributes['custom-style'] = styles[class]
      return div
    end
  end
end

-- Whether a block begins with a table, a picture or a box.
local function opens_with_box(block)
  if block.t == 'Div' then return #block.content > 0 and opens_with_box(block.content[1]) end
  return block.t == 'RawBlock' and (block.text:find('^#ruled%(') or block.text:find('^#picture%(') or
    block.text:find('^#short%-note') or block.text:find('^#note%[') or block.text:find('^#beside%[') or
    block.text:find('^#step%[')) ~= nil
end

-- Whether a few short sentences from here on lead to a table, a picture or a box.
local most_leading = 500  -- letters

local function leads(blocks, place)
  local letters, behind_heading = 0, place > 1 and blocks[place - 1].t == 'Header'
  while blocks[place] and blocks[place].t == 'Para' and letters <= most_leading do
    letters = letters + utf8.len(pandoc.utils.stringify(blocks[place]))
    place = place + 1
  end
  local next_one = blocks[place]
  return letters <= most_leading and next_one and
    (opens_with_box(next_one) or behind_heading and next_one.t == 'Header')
end

-- Sentences that lead to a table, a picture or a box stay on its page.
function finished.Blocks(blocks)
  if not to_typst then return nil end
  local made = pandoc.List()
  for place, block in ipairs(blocks) do
    if block.t == 'Para' and leads(blocks, place) then
      made:extend(wrapped('leading', {block}))
    else
      made:insert(block)
    end
  end
  return made
end

local function each_cell(rows, change)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do change(cell) end
  end
end

-- Each line of a cell changed; to walk a cell takes many times as long.
local function each_line(cell, change)
  local blocks = pandoc.Blocks({})
  for _, block in ipairs(cell.contents) do
    blocks:insert(block.t == 'Plain' and pandoc.Plain(change(block.content)) or block)
  end
  cell.contents = blocks
end

local function bold(cell)
  each_line(cell, function(content) return {pandoc.Strong(content)} end)
end

-- How much room stands behind a number, in digits.
local function room_behind(cell)
  for _, class in ipairs(cell.attr.classes) do
    local halves = tonumber(class:match('^short%-(%d+)$'))
    if halves then return halves / 2 end
  end
  return 0
end

-- Room behind a number, in halves of a digit, for the decimals that it has fewer than others in its column.
local function align_decimals(cell)
  for _, class in ipairs(cell.attr.classes) do
    local halves = tonumber(class:match('^short%-(%d+)$'))
    if halves then
      local figures, point = ('\u{2007}'):rep(halves // 2), halves % 2 == 1 and '\u{2008}' or ''
      local room = to_typst and pandoc.RawInline('typst', '#room(' .. halves .. ')') or pandoc.Str(point .. figures)
      each_line(cell, function(content) return content .. {room} end)
    end
  end
end

-- A low line between two tables.
local apart = pandoc.RawBlock('openxml',
  '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>')

local function small(cell)
  local text = cell.contents:walk({Plain = function(text) return pandoc.Para(text.content) end})
  if #text == 0 then text = pandoc.Blocks({pandoc.Para({pandoc.Str('\u{a0}')})}) end  -- as low as the cells beside it
  cell.contents = pandoc.Blocks({pandoc.Div(text, {['custom-style'] = 'Small'})})
end

-- Widths, in points, of columns: short texts and words stay whole, long texts wrap in as few lines as the page allows.
local page_width, half_page, short_column = 481, 234, 125
local letter, math_letter = to_typst and 4.6 or 5.3, to_typst and 1.6 or 2.4  -- Arial is wider
local moved = {16, 8, 4, 2}  -- points, from one column to another
local filling = 0.55  -- the share from which a table fills its page

-- The letters of the longest piece of a word that does not break: a code such as EX-2024-01 is one.
local function longest_piece(word)
  if #word > long_word then word = word:gsub('[._:]', '%0 ') end
  if not word:find('^[%u%d-]+$') then
    word = word:gsub('(%D)([-,;])', '%1%2 '):gsub('^(.......-/)([%a(].....)', '%1 %2')  -- a short unit stays whole
  end
  local longest = 0
  for piece in word:gmatch('[^ ]+') do longest = math.max(longest, utf8.len(piece)) end
  return longest
end

-- Letters of a cell, and of the longest piece in it.
local function measure(cell)
  local width, longest, begun = 0, 0, 1
  local text = pandoc.utils.stringify(cell.contents) .. ' '
  for place, code in utf8.codes(text) do
    local is_wide = code >= 0x2e80 or (code >= 0x2190 and code < 0x2800)  -- arrows and marks as well
    width = width + (is_wide and 2 or 1)
    if is_wide or code == 32 then
      if place > begun then longest = math.max(longest, longest_piece(text:sub(begun, place - 1))) end
      if is_wide then longest = math.max(longest, 2) end
      begun = utf8.offset(text, 2, place)
    end
  end
  return width - 1, longest
end

-- Formulas as letters of their width: commands are none, and those of formulas are wide, in Word most of all.
local as_letters = {Math = function(math)
  local letters = utf8.len((math.text:gsub('\\%a+', ''):gsub('[{}_^%s]', '')))
  return pandoc.Str(('m'):rep(math_letter * letters // 1))
end}

-- What a table measures: for each row the points that each cell would take in one line, and for each column the points
-- that it would like and those that it cannot do without. Nothing of a table whose cells span columns.
local function measured(made, letter, padding, page_width)
  local rows, natural, least, has_room = pandoc.List(), {}, {}, made.classes:includes('decimals')
  local each = to_typst and 1.12 * letter or letter  -- a word may be all of letters that are wider than most
  local given = pandoc.List()
  made = made:walk(as_letters)  -- the whole table at once: a walk of each cell takes longer than all else
  given:extend(made.head.rows)
  for _, part in ipairs(made.bodies) do given:extend(part.body) end
  for column = 1, #made.colspecs do natural[column], least[column] = 0, 0 end
  for place, row in ipairs(given) do
    if #row.cells ~= #made.colspecs then return nil end
    local widths = {}
    for column, cell in ipairs(row.cells) do
      local width, longest = measure(cell)
      local room = has_room and room_behind(cell) or 0
      width, longest = width + room, longest + room
      -- short headings stay whole, where columns are not many
      if place <= #made.head.rows then longest = math.max(longest, math.min(width, #made.colspecs > 7 and 6 or 10)) end
      local word = longest * each + padding
      widths[column] = width * letter
      natural[column] = math.max(natural[column], 1.05 * width * letter + padding, word)
      least[column] = math.min(math.max(least[column], word), page_width * (#made.colspecs == 2 and 0.78 or 0.33))
    end
    rows:insert(widths)
  end
  return rows, natural, least
end

local function sum(widths)
  local total = 0
  for _, width in ipairs(widths) do total = total + width end
  return total
end

local function stretched(widths, to)
  local part, made = to / sum(widths), {}
  for column, width in ipairs(widths) do made[column] = width * part end
  return made
end

-- The lines of a row, and a little of how full its cells are, so that among widths of equal lines the even ones win.
local function height(row, widths, padding)
  local most, full = 1, 0
  for column, width in ipairs(widths) do
    local lines = row[column] / (width - padding)
    full = full + lines
    if lines > most then most = lines end
  end
  return most + (most > 1 and 0.5 or 0) + 0.02 * full
end

local function column_shares(made, letter, padding, page_width)
  local rows, natural, least = measured(made, letter, padding, page_width)
  if not rows then return {} end
  if sum(natural) <= page_width then
    if to_typst and sum(natural) < filling * page_width then return {} end
    return stretched(natural, 1)  -- LibreOffice makes columns of equal width where none is given
  end
  local whole = {}  -- short columns stay whole, if that leaves room for the others
  for column, width in ipairs(natural) do
    whole[column] = width <= math.min(short_column, 0.6 * page_width / #natural) and width or least[column]
  end
  if sum(whole) <= 0.7 * page_width then least = whole end
  if sum(least) >= page_width then return stretched(least, 1) end
  local widths, over = {}, {}
  for column, width in ipairs(natural) do over[column] = width - least[column] end
  local part = (page_width - sum(least)) / sum(over)
  for column, width in ipairs(least) do widths[column] = width + part * over[column] end
  local function total()
    local lines = 0
    for _, row in ipairs(rows) do lines = lines + height(row, widths, padding) end
    return lines
  end
  local best = total()
  for _, points in ipairs(moved) do
    local improved = true
    while improved do
      improved = false
      for from = 1, #widths do
        for to = 1, #widths do
          if from ~= to and widths[from] - points >= least[from] and widths[to] < natural[to] then
            widths[from], widths[to] = widths[from] - points, widths[to] + points
            local lines = total()
            if lines < best - 1e-9 then
              best, improved = lines, true
            else
              widths[from], widths[to] = widths[from] + points, widths[to] - points
            end
          end
        end
      end
    end
  end
  return stretched(widths, 1)
end

local function even(count)
  local shares = {}
  for place = 1, count do shares[place] = 1 / count end
  return shares
end

-- Shares of the columns of forms, which are empty or must not differ from page to page.
local function form_shares(made)
  if made.classes:includes('pictures') then return even(2) end
  local known = {blank = {0.22, 0.22, 0.32, 0.24}, form = {0.09, 0.31, 0.60}, halves = {0.32, 0.68}, fields = {0.27, 0.73},
                 formal = {0.06, 0.3, 0.64}, declared = {0.05, 0.25, 0.24, 0.18, 0.28}, strip = even(#made.colspecs)}
  for _, class in ipairs({'blank', 'form', 'halves', 'fields', 'formal', 'declared', 'strip'}) do
    if made.classes:includes(class) and #known[class] == #made.colspecs then return known[class] end
  end
end

function finished.Table(made)
  each_cell(made.head.rows, bold)
  if made.classes:includes('decimals') then
    for _, part in ipairs(made.bodies) do each_cell(part.body, align_decimals) end
  end
  local in_small = false
  for _, class in ipairs(made.classes) do in_small = in_small or narrow[class] or false end
  local of_letter, padding = letter, 11
  if in_small then of_letter, padding = 0.87 * letter, 9 end
  local shares = form_shares(made) or
    column_shares(made, of_letter, padding, made.classes:includes('half') and half_page or page_width)
  for place, share in ipairs(shares) do made.colspecs[place][2] = share end
  for _, column in ipairs(made.colspecs) do
    if column[1] == 'AlignDefault' then column[1] = 'AlignLeft' end
  end
  if to_typst then
    local rows = #made.head.rows - 1
    for _, part in ipairs(made.bodies) do rows = rows + #part.body end
    local blocks = pandoc.List({made})
    for _, class in ipairs(made.classes) do
      if small_tables[class] then blocks = wrapped(small_tables[class], {made}) end
    end
    local whole = tostring(rows < 8 and is_short(made))
    blocks:insert(1, pandoc.RawBlock('typst', '#ruled(' .. rows .. ', ' .. whole .. ')['))
    blocks:insert(pandoc.RawBlock('typst', ']'))
    return blocks
  end
  if in_small then
    each_cell(made.head.rows, small)
    for _, part in ipairs(made.bodies) do each_cell(part.body, small) end
  end
  local is_form = made.classes:includes('form') or made.classes:includes('fields')
  if is_form then made.attributes['custom-style'] = 'Form' end
  if made.classes:includes('pictures') then made.attributes['custom-style'] = 'Pictures' end
  for _, class in ipairs({'strip', 'formal', 'declared'}) do  -- without a caption: Word would make one of two tables
    if made.classes:includes(class) then return {apart, made} end
  end
  return made
end

function finished.Image(image)
  if not to_typst then return nil end
  local width = image.attributes.width
  local call = image.classes:includes('logo') and '#image(' or 'image('
  return pandoc.RawInline('typst', call .. typst_string(image.src) .. ', width: ' .. width ..
    ', alt: ' .. typst_string(pandoc.utils.stringify(image.caption)) .. ')')
end

function finished.Figure(figure)
  if not to_typst then return nil end
  local image
  figure:walk({RawInline = function(raw) image = raw.text end})
  if not image then return nil end
  local blocks = pandoc.List({pandoc.RawBlock('typst', '#picture(' .. image .. ')[')})
  blocks:extend(figure.caption.long)
  blocks:insert(pandoc.RawBlock('typst', ']'))
  return blocks
end

local function contents(doc, title)
  if to_typst then return {pandoc.RawBlock('typst', '#contents')} end
  -- no contents of Word's own: LibreOffice would not fill in their numbers
  local made = pandoc.List({page_break(), pandoc.Div(title, {['custom-style'] = 'TOC Heading'})})
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level <= 3 then  -- still as in HTML: the title is level 1
      local name = 'heading-' .. #made
      local link = pandoc.Link(block.content:clone(), '#' .. name)
      made:insert(pandoc.Div({pandoc.Para({link, page_of(name)})}, {['custom-style'] = 'toc ' .. block.level - 1}))
      marked(block, name, #made)
    end
  end
  return made
end

function finished.Pandoc(doc)
  local blocks = pandoc.List()
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Div' and block.classes:includes('contents') then
      blocks:extend(contents(doc, block.content))
    elseif block.t == 'Div' and block.classes:includes('volume') then
      if to_typst then blocks:insert(pandoc.RawBlock('typst', '#volume("' .. block.identifier:sub(-1) .. '")')) end
    else
      blocks:insert(block)
    end
  end
  doc.blocks = blocks
  doc.meta.title = nil
  return doc
end

return {to_elements, finished}
