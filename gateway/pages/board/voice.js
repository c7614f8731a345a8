/* Announcements, one after the other: a chime, then the words when the browser has a voice. */
import { language } from "../shared/words/i18n.js";

const CHIME_S = 1.1;
const PAUSE_MS = 350;
const RESUME_MS = 500;
const SILENT_MS = 1_500;
const LONGEST_SPEECH_MS = 9_000;
const WORTH_SAYING_MS = 120_000;
const VOICES_MS = 20_000; /* speech-dispatcher takes 14 s to name its thousands of voices */
const NOTES_HZ = [784, 587.33]; /* g″ and d″: the two notes of a gong */

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/* Mandarin is `zh` or `cmn`, the latter with speech-dispatcher and eSpeak NG; Cantonese is another language. */
const SPEAKS = { zh: /^(zh|cmn)(?!.*\b(yue|hk|mo)\b)\b/i, en: /^en\b/i };
const PREFERRED = /\b(cn|hans|cmn|gb|us)\b/i;

function voiceFor(synthesis) {
  const tag = ({ lang }) => lang.replaceAll("_", "-");
  const fitting = (synthesis?.getVoices() ?? []).filter((voice) => SPEAKS[language === "zh" ? "zh" : "en"].test(tag(voice)));
  return fitting.find((voice) => PREFERRED.test(tag(voice))) ?? fitting[0] ?? null;
}

/** Resolves when the browser knows its voices, which it begins to look for when it is asked; or when it takes too long. */
function voicesLoaded(synthesis) {
  if (!synthesis || synthesis.getVoices().length) return Promise.resolve();
  return new Promise((done) => {
    synthesis.addEventListener("voiceschanged", done, { once: true });
    setTimeout(done, VOICES_MS);
  });
}

function chime(context) {
  const start = context.currentTime;
  NOTES_HZ.forEach((frequency, index) => {
    const from = start + index * 0.32;
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { type: "sine", frequency });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.5, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.75);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.8);
  });
  return sleep(CHIME_S * 1000);
}

/** Say a text; resolves when it ended, failed, or took longer than any announcement may. */
function speak(text) {
  const synthesis = window.speechSynthesis;
  const voice = voiceFor(synthesis);
  if (!voice) return sleep(SILENT_MS);
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    const overdue = setTimeout(() => {
      synthesis.cancel();
      done();
    }, LONGEST_SPEECH_MS);
    words.onend = words.onerror = () => {
      clearTimeout(overdue);
      done();
    };
    synthesis.speak(words);
  });
}

/** A queue of announcements. Nothing is said before `start()`, which needs a gesture of somebody at the screen. */
export class Voice {
  #waiting = [];
  #busy = false;
  #context = null;
  #loaded = null;
  started = false;
  muted = false;
  speechless = false; /* there is no voice for the page's language: only the chime sounds */

  /** `onVoices()` hears when it has turned out whether there is a voice. */
  constructor({ onVoices }) {
    this.onVoices = onVoices;
  }

  /** Begin; without a gesture only if the browser was started to allow sound by itself. */
  async start({ gesture }) {
    this.#loaded ??= this.#look();
    this.#context ??= new AudioContext();
    await Promise.race([this.#context.resume(), sleep(RESUME_MS)]); /* never settles while the browser forbids it */
    this.started = gesture || this.#context.state === "running";
  }

  async #look() {
    const synthesis = window.speechSynthesis;
    const tell = () => {
      this.speechless = voiceFor(synthesis) === null;
      this.onVoices();
    };
    await voicesLoaded(synthesis);
    tell();
    synthesis?.addEventListener("voiceschanged", tell); /* one may be installed later */
  }

  mute(muted) {
    this.muted = muted;
    if (!muted) return;
    this.#waiting.length = 0;
    window.speechSynthesis?.cancel();
  }

  /** Put a text at the end of the queue; dropped while nobody wants to hear it. */
  announce(text) {
    if (!this.started || this.muted) return;
    this.#waiting.push({ text, at: Date.now() });
    if (!this.#busy) this.#run();
  }

  async #run() {
    this.#busy = true;
    while (this.#waiting.length) {
      const { text, at } = this.#waiting.shift();
      if (Date.now() - at > WORTH_SAYING_MS) continue; /* whoever was called has seen the board by now */
      await chime(this.#context);
      await this.#loaded;
      if (!this.muted) await speak(text);
      await sleep(PAUSE_MS);
    }
    this.#busy = false;
  }
}
