// Reads a text aloud, sentence by sentence, and marks the sentence that sounds.
const synth = window.speechSynthesis;
const BLOCKS = 'h1, h2, h3, h4, p, li, blockquote, figcaption, td, th, dd, dt';

function voiceFor(language) {
  const short = language.split('-')[0].toLowerCase();
  const fitting = synth
    .getVoices()
    .filter((voice) => voice.lang.replace('_', '-').toLowerCase().split('-')[0] === short);
  // A voice on the device first: it costs no data and tells nobody what is read.
  return fitting.find((voice) => voice.localService) ?? fitting[0];
}

function piecesOf(text, language) {
  if (window.Intl?.Segmenter) {
    return [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)].map((part) => [
      part.index,
      part.segment,
    ]);
  }
  return [...text.matchAll(/[^.!?؟。]+[.!?؟。]*\s*/g)].map((match) => [match.index, match[0]]);
}

function textNodes(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(BLOCKS) === block || !node.parentElement.closest(BLOCKS)
      ? NodeFilter.FILTER_ACCEPT
      : NodeFilter.FILTER_REJECT,
  );
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function rangeIn(nodes, from, to) {
  const range = document.createRange();
  let at = 0;
  let started = false;
  for (const node of nodes) {
    const end = at + node.length;
    if (!started && from < end) {
      range.setStart(node, from - at);
      started = true;
    }
    if (to <= end) {
      range.setEnd(node, to - at);
      return range;
    }
    at = end;
  }
  return null;
}

// A text in another language inside is read by a voice of its own, or not at all.
function languageOf(block, target, language) {
  const said = block.closest('[lang]');
  return said && target.contains(said) ? said.lang : language;
}

// What is folded away, and the way through the site, nobody asked to hear.
function isHeard(block) {
  return !block.closest('nav') && (block.checkVisibility?.() ?? true);
}

function sentencesOf(target, page) {
  const inner = [...target.querySelectorAll(BLOCKS)].filter(isHeard);
  const blocks = inner.length ? inner : [target];
  const sentences = [];
  for (const block of blocks) {
    const language = languageOf(block, target, page);
    const voice = voiceFor(language);
    if (!voice) continue;
    const nodes = textNodes(block);
    const text = nodes.map((node) => node.data).join('');
    for (const [index, piece] of piecesOf(text, language)) {
      if (!piece.trim()) continue;
      const range = rangeIn(nodes, index, index + piece.trimEnd().length);
      sentences.push({ block, text: piece.trim(), range, voice });
    }
  }
  return sentences;
}

function mark(sentence) {
  document.querySelectorAll('.is-spoken').forEach((block) => block.classList.remove('is-spoken'));
  if (window.Highlight && CSS.highlights) {
    CSS.highlights.delete('spoken');
    if (sentence?.range) CSS.highlights.set('spoken', new Highlight(sentence.range));
  } else {
    sentence?.block.classList.add('is-spoken');
  }
}

let stopOther = () => {};

function reader(box) {
  const toggle = box.querySelector('[data-read-toggle]');
  const label = box.querySelector('[data-read-label]');
  const stop = box.querySelector('[data-read-stop]');
  const language = box.dataset.lang;
  const target = document.getElementById(box.dataset.readAloud);
  let sentences = [];
  let position = 0;
  let turn = 0;
  let words = null;

  const say = (what) => {
    label.textContent = toggle.dataset[`text${what}`];
  };
  const finish = () => {
    turn += 1;
    synth.cancel();
    mark(null);
    position = 0;
    sentences = [];
    say('Start');
    if (stop === document.activeElement) toggle.focus();
    stop.hidden = true;
  };
  const speak = () => {
    const mine = turn;
    const sentence = sentences[position];
    if (!sentence) {
      finish();
      return;
    }
    mark(sentence);
    // Held on to: what nobody holds may be cleared away before it says that it ended.
    words = new SpeechSynthesisUtterance(sentence.text);
    words.voice = sentence.voice;
    words.lang = sentence.voice.lang;
    words.onend = () => {
      if (mine !== turn) return;
      position += 1;
      speak();
    };
    words.onerror = () => {
      if (mine === turn) finish();
    };
    synth.speak(words);
  };

  toggle.addEventListener('click', () => {
    if (label.textContent === toggle.dataset.textPause) {
      // Cancelled and begun again at this sentence: pause() is deaf on most Android phones.
      turn += 1;
      synth.cancel();
      say('Resume');
      return;
    }
    if (!sentences.length) {
      stopOther();
      stopOther = finish;
      sentences = sentencesOf(target, language);
    }
    turn += 1;
    say('Pause');
    stop.hidden = false;
    speak();
  });
  stop.addEventListener('click', finish);
  window.addEventListener('pagehide', finish);
}

export function readAloud(root) {
  if (!synth || !window.SpeechSynthesisUtterance) return;
  const boxes = [...root.querySelectorAll('[data-read-aloud]')].filter((box) => !box.dataset.ready);
  for (const box of boxes) {
    if (!document.getElementById(box.dataset.readAloud)) continue;
    box.dataset.ready = 'true';
    reader(box);
    const show = () => {
      box.hidden = !voiceFor(box.dataset.lang);
    };
    show();
    // Voices arrive late, and the user may install one meanwhile.
    synth.addEventListener?.('voiceschanged', show);
  }
}
