// The browser's half of a WebGL build: WebSocket, a Web Audio player and the microphone. Polled from C#, in one thread.
// Numbers name what was made; every name is used with its own kind only. Pieces of sound are planar mono float32.

var A2FWebLibrary = {
  $A2FWeb: {
    sockets: {},
    players: {},
    microphones: {},
    next: 1,
    context: null,
    waking: false,

    // One context for all, made with the first player; browsers let it sound after a click or key.
    audio: function () {
      if (!A2FWeb.context) {
        var Context = globalThis.AudioContext || globalThis.webkitAudioContext;
        A2FWeb.context = Context ? new Context() : null;
      }
      A2FWeb.wake();
      return A2FWeb.context;
    },

    wake: function () {
      var context = A2FWeb.context;
      if (!context || context.state === "running" || A2FWeb.waking) return;
      A2FWeb.waking = true;
      var names = ["pointerdown", "keydown", "touchend"];
      var target = globalThis.document || null;
      var stop = function () {
        A2FWeb.waking = false;
        if (target) names.forEach(function (name) { target.removeEventListener(name, resume, true); });
      };
      var resume = function () { context.resume().then(stop, function () {}); };
      if (target) names.forEach(function (name) { target.addEventListener(name, resume, true); });
      resume();
    },

    // Where the context is heard, seconds of its own time.
    heard: function (context) {
      var stamp = context.getOutputTimestamp ? context.getOutputTimestamp() : null;
      var latency = context.outputLatency || context.baseLatency || 0;
      var told = context.currentTime - latency;
      if (context.state !== "running" || !stamp || !(stamp.contextTime > 0)) return told;
      var at = stamp.contextTime + (performance.now() - stamp.performanceTime) / 1000;
      return Math.abs(at - told) < 0.5 && at <= context.currentTime ? at : told;
    },

    textOf: function (text, buffer, most) {
      var bytes = new TextEncoder().encode(text);
      var count = Math.min(bytes.length, most);
      HEAPU8.set(bytes.subarray(0, count), buffer);
      return count;
    },
  },

  // --- WebSocket -------------------------------------------------------------------------------

  A2FWebSocketOpen: function (url, protocol) {
    var id = A2FWeb.next++;
    var entry = { state: 0, inbox: [], code: 1006, reason: "", socket: null };
    A2FWeb.sockets[id] = entry;
    try {
      entry.socket = new WebSocket(UTF8ToString(url), UTF8ToString(protocol));
    } catch (error) {
      entry.state = 2;
      entry.reason = String(error.message || error);
      return id;
    }
    entry.socket.binaryType = "arraybuffer";
    entry.socket.onopen = function () { if (entry.state === 0) entry.state = 1; };
    entry.socket.onmessage = function (event) {
      if (entry.state !== 1) return;
      if (typeof event.data === "string") {
        entry.state = 2;
        entry.code = 4400;
        entry.reason = "found a text frame, wanted binary ones";
        entry.socket.close(4400);
      } else entry.inbox.push(new Uint8Array(event.data));
    };
    entry.socket.onclose = function (event) {
      if (entry.state === 2) return;
      entry.state = 2;
      entry.code = event.code;
      entry.reason = event.reason;
    };
    return id;
  },

  // 0 = connecting, 1 = open, 2 = closed.
  A2FWebSocketState: function (id) {
    var entry = A2FWeb.sockets[id];
    return entry ? entry.state : 2;
  },

  // Bytes of the oldest message; -1 = there is none.
  A2FWebSocketNext: function (id) {
    var entry = A2FWeb.sockets[id];
    return entry && entry.inbox.length ? entry.inbox[0].length : -1;
  },

  A2FWebSocketTake: function (id, buffer) {
    HEAPU8.set(A2FWeb.sockets[id].inbox.shift(), buffer);
  },

  A2FWebSocketSend: function (id, data, count) {
    var entry = A2FWeb.sockets[id];
    if (entry && entry.state === 1) entry.socket.send(HEAPU8.slice(data, data + count));
  },

  A2FWebSocketUnsent: function (id) {
    var entry = A2FWeb.sockets[id];
    return entry && entry.socket ? entry.socket.bufferedAmount : 0;
  },

  A2FWebSocketCode: function (id) {
    var entry = A2FWeb.sockets[id];
    return entry ? entry.code : 1006;
  },

  // UTF-8 into a buffer of so many bytes; gives how many it took.
  A2FWebSocketReason: function (id, buffer, most) {
    var entry = A2FWeb.sockets[id];
    return A2FWeb.textOf(entry ? entry.reason : "", buffer, most);
  },

  A2FWebSocketClose: function (id, code, reason) {
    var entry = A2FWeb.sockets[id];
    if (!entry || !entry.socket) return;
    entry.state = 2;
    try {
      entry.socket.close(code === 1000 || code >= 3000 ? code : 4000, UTF8ToString(reason));
    } catch (error) {
      entry.socket.close();
    }
  },

  A2FWebSocketForget: function (id) {
    delete A2FWeb.sockets[id];
  },

  // --- Player ----------------------------------------------------------------------------------
  // Times are seconds of the context, which stands while nothing may sound.

  A2FWebPlayerOpen: function () {
    var context = A2FWeb.audio();
    if (!context) return 0;
    var id = A2FWeb.next++;
    var out = context.createGain();
    out.connect(context.destination);
    var bus = context.createGain();
    bus.connect(out);
    A2FWeb.players[id] = { out: out, bus: bus, sources: new Set() };
    return id;
  },

  A2FWebPlayerIsRunning: function (id) {
    return A2FWeb.players[id] && A2FWeb.context.state === "running" ? 1 : 0;
  },

  // The earliest time for which sound can still be put: a few blocks ahead.
  A2FWebPlayerWrite: function (id) {
    return A2FWeb.players[id] ? A2FWeb.context.currentTime + 0.02 : 0;
  },

  A2FWebPlayerHeard: function (id) {
    return A2FWeb.players[id] ? A2FWeb.heard(A2FWeb.context) : 0;
  },

  A2FWebPlayerVolume: function (id, volume) {
    var player = A2FWeb.players[id];
    if (player) player.out.gain.value = Math.min(1, Math.max(0, volume));
  },

  // What lies behind `frames` only helps to resample the end of the piece.
  A2FWebPlayerPut: function (id, samples, count, frames, rate, at) {
    var player = A2FWeb.players[id];
    if (!player || count < 1) return;
    var context = A2FWeb.context;
    var buffer = context.createBuffer(1, count, rate);
    buffer.copyToChannel(new Float32Array(HEAPF32.subarray(samples >> 2, (samples >> 2) + count)), 0);
    var source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(player.bus);
    source.onended = function () {
      source.disconnect();
      player.sources.delete(source);
    };
    player.sources.add(source);
    // On a whole frame of the context, so that pieces meet without a seam.
    source.start(Math.round(at * context.sampleRate) / context.sampleRate, 0, frames / rate);
  },

  // Fade out all that was put; gives when the last of it sounds.
  A2FWebPlayerCut: function (id, fade) {
    var player = A2FWeb.players[id];
    if (!player) return 0;
    var context = A2FWeb.context;
    var now = context.currentTime;
    var bus = player.bus;
    bus.gain.setValueAtTime(1, now);
    bus.gain.linearRampToValueAtTime(0, now + fade);
    player.sources.forEach(function (source) { source.stop(now + fade); });
    player.bus = context.createGain();
    player.bus.connect(player.out);
    setTimeout(function () { bus.disconnect(); }, fade * 1000 + 500);
    return now + fade;
  },

  A2FWebPlayerClose: function (id) {
    var player = A2FWeb.players[id];
    if (!player) return;
    player.sources.forEach(function (source) { source.stop(); });
    player.out.disconnect();
    delete A2FWeb.players[id];
  },

  // --- Microphone ------------------------------------------------------------------------------

  A2FWebMicrophoneOpen: function () {
    var id = A2FWeb.next++;
    // state: 0 = asking, 1 = capturing, 2 = none; why: see A2FWebMicrophoneReason.
    var entry = { state: 0, why: "", pieces: [], count: 0, frames: 0, atMs: 0, stop: null };
    A2FWeb.microphones[id] = entry;
    var context = A2FWeb.audio();
    var devices = globalThis.navigator && navigator.mediaDevices;
    var fail = function (why) {
      if (entry.state !== 2) entry.why = why;
      entry.state = 2;
      if (entry.stop) entry.stop();
    };
    if (!context || !devices || !context.audioWorklet) {
      fail("insecure: browsers give the microphone to pages on https or localhost only");
      return id;
    }
    var code =
      "registerProcessor('a2f-capture', class extends AudioWorkletProcessor {" +
      "process(inputs) { const all = inputs[0]; if (all.length) {" +
      "const mono = new Float32Array(all[0].length);" +
      "for (const one of all) for (let k = 0; k < mono.length; k++) mono[k] += one[k] / all.length;" +
      "this.port.postMessage(mono, [mono.buffer]); } return true; } });";
    var address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    devices
      .getUserMedia({ audio: true })
      .then(function (stream) {
        var end = function () { stream.getTracks().forEach(function (track) { track.stop(); }); };
        if (entry.state === 2) return end();
        entry.stop = end;
        stream.getAudioTracks()[0].onended = function () { fail("busy: it was unplugged or taken away"); };
        return context.audioWorklet.addModule(address).then(function () {
          if (entry.state === 2) return end();
          var source = context.createMediaStreamSource(stream);
          var node = new AudioWorkletNode(context, "a2f-capture", { numberOfOutputs: 0 });
          node.port.onmessage = function (event) {
            // A game that stands keeps ten seconds and no more.
            if (entry.count > 10 * context.sampleRate) entry.count -= entry.pieces.shift().length;
            entry.pieces.push(event.data);
            entry.count += event.data.length;
            entry.frames += event.data.length;
            entry.atMs = performance.now();
          };
          source.connect(node);
          entry.stop = function () {
            node.port.onmessage = null;
            source.disconnect();
            end();
          };
          entry.state = 1;
        });
      })
      .catch(function (error) {
        fail((error.name === "NotAllowedError" ? "denied: " : "none: ") + String(error.message || error));
      });
    return id;
  },

  A2FWebMicrophoneState: function (id) {
    var entry = A2FWeb.microphones[id];
    return entry ? entry.state : 2;
  },

  A2FWebMicrophoneReason: function (id, buffer, most) {
    var entry = A2FWeb.microphones[id];
    return A2FWeb.textOf(entry ? entry.why : "", buffer, most);
  },

  A2FWebMicrophoneRate: function () {
    return A2FWeb.context ? A2FWeb.context.sampleRate : 0;
  },

  // Samples into a buffer with room for so many; gives how many there were.
  A2FWebMicrophoneTake: function (id, buffer, most) {
    var entry = A2FWeb.microphones[id];
    var taken = 0;
    while (entry && entry.pieces.length && taken + entry.pieces[0].length <= most) {
      var piece = entry.pieces.shift();
      HEAPF32.set(piece, (buffer >> 2) + taken);
      taken += piece.length;
      entry.count -= piece.length;
    }
    return taken;
  },

  A2FWebMicrophoneClose: function (id) {
    var entry = A2FWeb.microphones[id];
    if (!entry) return;
    entry.state = 2;
    if (entry.stop) entry.stop();
    delete A2FWeb.microphones[id];
  },
};

autoAddDeps(A2FWebLibrary, "$A2FWeb");
mergeInto(LibraryManager.library, A2FWebLibrary);
