// As much of Markdown as the docs' checks need.

/** The fenced blocks of a page: `{ info, indent, code, firstLine, lastLine }`, the lines those of the code, from 0. */
export function fencedBlocks(text) {
  const blocks = []
  let open
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line)
    if (open === undefined) {
      if (fence) open = { indent: fence[1], marker: fence[2], info: fence[3].trim(), firstLine: index + 1, lines: [] }
    } else if (fence?.[2].startsWith(open.marker) && fence[3] === '') {
      const { indent, info, firstLine, lines } = open
      const code = lines.map((one) => (one.startsWith(indent) ? one.slice(indent.length) : one)).join('\n')
      blocks.push({ info, indent, code, firstLine, lastLine: index - 1 })
      open = undefined
    } else open.lines.push(line)
  }
  if (open) throw new Error(`the block that begins on line ${open.firstLine} is never closed`)
  return blocks
}

/** The page with the code of its blocks replaced by what `codeFor` returns for them. */
export function withBlocks(text, codeFor) {
  const lines = text.split('\n')
  for (const block of fencedBlocks(text).reverse()) {
    const code = codeFor(block)
    if (code === undefined || code === block.code) continue
    const replacement = code.split('\n').map((line) => (line === '' ? '' : block.indent + line))
    lines.splice(block.firstLine, block.lastLine - block.firstLine + 1, ...replacement)
  }
  return lines.join('\n')
}

/** Targets of the links and images outside of code. */
export function linkTargets(text) {
  const prose = withoutCode(text)
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g)].map(([, target]) => target)
  const reference = [...prose.matchAll(/^\s{0,3}\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target)
  return [...inline, ...reference]
}

/** The anchors that a page's headings give, as GitHub makes them. */
export function anchors(text) {
  const seen = new Map()
  const slugs = [...withoutBlocks(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  const explicit = [...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map(([, id]) => id)
  return new Set([...slugs, ...explicit])
}

const withoutCode = (text) => withoutBlocks(text).replace(/(`+)[^`]+?\1/g, '')

function withoutBlocks(text) {
  const lines = text.split('\n')
  for (const { firstLine, lastLine } of fencedBlocks(text)) lines.fill('', firstLine - 1, lastLine + 2)
  return lines.join('\n')
}
