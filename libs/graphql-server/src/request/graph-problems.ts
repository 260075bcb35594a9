/** What `extensions.code` of an error says, beside the codes that every surface has. */
export const graphProblems = {
  'graphql.invalid': {
    status: 400,
    title: 'Invalid query',
    meaning: 'The query is no GraphQL, or does not fit the schema.',
    remedy: 'Compare it with the schema; introspection is on.',
  },
  'graphql.too_deep': {
    status: 400,
    title: 'Too deep',
    meaning: 'The query asks for fields within fields, deeper than is answered.',
    remedy: 'Ask for less at once.',
  },
  'graphql.too_costly': {
    status: 400,
    title: 'Too costly',
    meaning: 'The query may be answered with more fields than is done at once.',
    remedy: 'Ask for fewer fields, or for smaller pages (`first`).',
  },
  'graphql.post_only': {
    status: 405,
    title: 'Post only',
    meaning: 'A query came otherwise than by POST.',
    remedy: 'Send it by POST, as JSON.',
  },
  'graphql.not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'What the field is about does not exist, or belongs to others.',
    remedy: 'Correct the id, or sign in to the organization that it is in.',
  },
  'graphql.too_many_requests': {
    status: 429,
    title: 'Too many requests',
    meaning: 'Whoever is not signed in asked too often from one network.',
    remedy: 'Sign in, or wait for the seconds that the message says.',
  },
} as const;
