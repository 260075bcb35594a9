export { canonicalJson } from './canonical-json.ts';
export { jsonCodes, type JsonProblem, type JsonProblemCode } from './diagnose.ts';
export { formatPath, type JsonPath, parsePathPattern, type PathPattern } from './json-path.ts';
export { depthOf, type JsonObject, type JsonValue } from './json-value.ts';
export { type JsonLimits, type JsonRead, readJson } from './read-json.ts';
export { redactPaths } from './redact-paths.ts';
export { type Redaction, redactSecrets, redactSecretsIn } from './redact-secrets.ts';
export { type Shown, showHidden, showHiddenIn, showHiddenInText } from './show-hidden.ts';
