/** What somebody might type, and the templates that answer it: judged from the templates' descriptions, before any search was run. */
export interface Judgement {
  readonly query: string;
  readonly relevant: readonly string[];
}

export const judgements: readonly Judgement[] = [
  { query: 'scholarly serif layout for academic work', relevant: ['academic-cv-lite', 'field-researcher'] },
  { query: 'two columns with a dark blue sidebar', relevant: ['sidebar', 'creative-confidence'] },
  { query: 'monospace theme for software developers', relevant: ['developer-mono', 'stackoverflow', 'typewriter-modern'] },
  { query: 'raw concrete brutalism', relevant: ['brutalist', 'urban-techno'] },
  { query: '1920s gatsby elegance', relevant: ['art-deco'] },
  { query: 'warm sand and terracotta', relevant: ['desert-modern'] },
  { query: 'looks like a medical chart', relevant: ['clinical-precision'] },
  { query: 'results focused fund report', relevant: ['investor-brief'] },
  { query: 'editorial magazine layout', relevant: ['new-york-editorial', 'bold-header-statement', 'french-atelier', 'colophon'] },
  { query: 'scandinavian white space', relevant: ['nordic-minimal'] },
  { query: 'geometric grid minimalism', relevant: ['tokyo-modernist', 'berlin-grid', 'minimalist-grid'] },
  { query: 'energetic and bold for a sales person', relevant: ['sales-hunter'] },
  { query: 'formal grayscale government resume', relevant: ['government-standard'] },
  { query: 'education first for a student', relevant: ['university-first'] },
  { query: 'engineering datasheet', relevant: ['industrial-engineer', 'graph-paper-grid'] },
  { query: 'avant-garde gallery for artists', relevant: ['art-school-modern'] },
  { query: 'calm ocean blue', relevant: ['coastal-creative', 'pacific-horizon'] },
  { query: 'nostalgic typewriter', relevant: ['typewriter-modern'] },
  { query: 'literary theme for writers', relevant: ['writers-portfolio'] },
  { query: 'soft rose accent', relevant: ['elegant-pink'] },
  // No template holds these words: only a model of meaning can answer them.
  { query: '学术研究简历', relevant: ['academic-cv-lite', 'field-researcher', 'university-first'] },
  { query: 'something for a professor', relevant: ['academic-cv-lite', 'field-researcher'] },
];
