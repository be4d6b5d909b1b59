using System.Collections.Generic;
using A2F.Core;

namespace A2F
{
    /// <summary>What is in force in a session: asked for when it was opened, changed since, told again after a loss.</summary>
    internal sealed class Terms
    {
        const int PlansMost = 64;

        public readonly SessionOptions Options;
        public readonly bool IsWatch;
        public bool IsVisible = true;

        readonly int sid;
        readonly List<Emotion> plans = new List<Emotion>();
        Dictionary<string, CurveSet> curves;
        Dictionary<string, float> parameters;
        Dictionary<string, float> emotion;

        public Terms(int sid, SessionOptions options, bool isWatch)
        {
            this.sid = sid;
            Options = options;
            IsWatch = isWatch;
            parameters = options.Params;
            emotion = options.Emotion;
        }

        /// <summary>The message that opens the session as it is now, with the sound at a head.</summary>
        public Open Opening(PlayHead head, string resume)
        {
            Open open = new Open
            {
                Sid = sid,
                Rig = Options.Rig,
                Fps = new PoseRate(Options.Fps),
                Have = Options.Have,
                Table = Options.Table,
                Swap = Options.Swap,
                Curves = curves,
                Name = string.IsNullOrEmpty(Options.Name) ? null : Options.Name,
                Resume = resume
            };
            List<string> want = new List<string>();
            if (Options.WantsStatus)
            {
                want.Add("status");
            }
            if (IsWatch)
            {
                open.Role = Role.Watch;
                open.Clock = Options.OwnsClock;
                if (Options.WantsSound)
                {
                    want.Add("audio");
                }
            }
            else
            {
                Speak(open, head);
            }
            open.Want = want.ToArray();
            return open;
        }

        /// <summary>What `open` cannot say: to be sent behind it when a session is opened again.</summary>
        public List<Message> Rest(PlayHead head)
        {
            List<Message> messages = new List<Message>();
            if (!IsVisible)
            {
                messages.Add(new Set { Sid = sid, Visible = false });
            }
            foreach (Emotion plan in plans)
            {
                if (!IsPassed(plan, head))
                {
                    messages.Add(new Emotion { Sid = sid, Values = plan.Values, U = plan.U, TUs = plan.TUs, TransitionUs = plan.TransitionUs });
                }
            }
            return messages;
        }

        /// <summary>An emotion was accepted: it cuts off what was planned after its time.</summary>
        public void Feel(Emotion message)
        {
            if (!message.U.HasValue || !message.TUs.HasValue)
            {
                plans.Clear();
                emotion = message.Values;
                return;
            }
            PlayHead at = new PlayHead { U = message.U.Value, TUs = message.TUs.Value };
            plans.RemoveAll(plan => !IsPassed(plan, at));
            plans.Add(message);
            if (plans.Count > PlansMost)
            {
                emotion = plans[0].Values;
                plans.RemoveAt(0);
            }
        }

        /// <summary>A `set` was accepted.</summary>
        public void Change(Set message)
        {
            bool isOtherRig = message.Rig != null && message.Rig != Options.Rig;
            bool isOtherModel = message.Model != null && message.Model != Options.Model;
            curves = Merged(isOtherRig ? null : curves, message.Curves);
            parameters = Merged(isOtherModel ? null : parameters, message.Params);
            if (isOtherModel)
            {
                emotion = null;
                plans.Clear();
            }
            Options.Rig = message.Rig ?? Options.Rig;
            Options.Model = message.Model ?? Options.Model;
            Options.Have = message.Have ?? Options.Have;
            Options.Swap = message.Swap ?? Options.Swap;
            IsVisible = message.Visible ?? IsVisible;
        }

        void Speak(Open open, PlayHead head)
        {
            Emotion passed = null;
            foreach (Emotion plan in plans)
            {
                passed = IsPassed(plan, head) ? plan : passed;
            }
            open.Model = string.IsNullOrEmpty(Options.Model) ? null : Options.Model;
            open.Pacing = Options.IsBurst ? Pacing.Burst : Pacing.Live;
            open.AheadUs = Options.AheadUs;
            open.Params = parameters;
            open.Emotion = passed == null ? emotion : passed.Values;
            open.Audio = new AudioFormat
            {
                Format = SampleFormat.S16le,
                Rate = Options.Rate,
                Channels = 1,
                Source = Options.IsMicrophone ? SoundSource.Mic : SoundSource.Line
            };
        }

        static bool IsPassed(Emotion plan, PlayHead head)
        {
            int u = plan.U.GetValueOrDefault();
            return head.U > 0 && (u < head.U || (u == head.U && plan.TUs.GetValueOrDefault() <= head.TUs));
        }

        static Dictionary<string, T> Merged<T>(Dictionary<string, T> old, Dictionary<string, T> added)
        {
            if (added == null)
            {
                return old;
            }
            Dictionary<string, T> all = old == null ? new Dictionary<string, T>() : new Dictionary<string, T>(old);
            foreach (KeyValuePair<string, T> one in added)
            {
                all[one.Key] = one.Value;
            }
            return all;
        }
    }
}
