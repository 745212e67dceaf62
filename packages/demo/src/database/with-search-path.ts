/** The same address, with a schema that unqualified names lead to on every connection. Other `options` in it are kept. */
export const withSearchPath = (connectionString: string, schema: string): string => {
  const url = new URL(connectionString)
  const options = url.searchParams.get('options')
  url.searchParams.set('options', `${options === null ? '' : `${options} `}-c search_path=${schema}`)
  return url.href
}
