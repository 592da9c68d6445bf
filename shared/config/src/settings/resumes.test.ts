import { defineConfig } from '../define-config.js';
import { ConfigError, loadConfig } from '../load-config.js';
import { providerSettings } from './ai.js';
import { resumesRules, resumesSettings } from './resumes.js';

const config = defineConfig({ ai: providerSettings, resumes: resumesSettings }, { title: 'Resumes', rules: resumesRules });
const analyserOf = (env: Record<string, string>) => loadConfig(config, env).resumes.analyser;

describe('who says how resumes fit jobs', () => {
  it('is left to the key where nothing is said', () => {
    expect(analyserOf({})).toEqual({ kind: undefined, model: 'gpt-4.1-mini', timeoutMs: 60_000 });
  });

  it('a language model needs a key, or a provider of its own', () => {
    expect(() => analyserOf({ RESUME_ANALYSER: 'openai' })).toThrow(ConfigError);
    expect(() => analyserOf({ RESUME_ANALYSER: 'openai' })).toThrow(/RESUME_ANALYSER.*OPENAI_API_KEY/);
    expect(analyserOf({ RESUME_ANALYSER: 'openai', OPENAI_API_KEY: 'k' }).kind).toBe('openai');
    expect(analyserOf({ RESUME_ANALYSER: 'openai', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }).kind).toBe('openai');
    expect(analyserOf({ RESUME_ANALYSER: 'local', OPENAI_API_KEY: 'k' }).kind).toBe('local');
    expect(() => analyserOf({ RESUME_ANALYSER: 'chatgpt' })).toThrow(/RESUME_ANALYSER/);
  });
});
