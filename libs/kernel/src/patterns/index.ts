export { fold } from './fold.ts';
export { globOf, isOpen, literalOf, matchesGlob, type Glob } from './glob.ts';
export {
  foldedTargetOf,
  matchesPattern,
  matchesTarget,
  parsePattern,
  patternFault,
  subjectOf,
  type Comparison,
  type Pattern,
  type Subject,
} from './pattern.ts';
export { patternsMeet } from './meet.ts';
