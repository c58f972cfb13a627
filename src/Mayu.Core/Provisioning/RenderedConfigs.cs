using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Ignition;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>
/// Configs as they were rendered last, for machines that ask again: Ignition tries until it has one, and cloud-init fetches four files. A config is
/// used as long as everything that it was made of is the same; templates are pure, so it would be the same again.
/// </summary>
internal sealed class RenderedConfigs(long mostCharacters = RenderedConfigs.MostCharacters)
{
    /// <summary>How many characters they have together at most: configs of some ten thousand machines. What was asked for longest ago gives way.</summary>
    public const long MostCharacters = 48L * 1024 * 1024;

    private readonly Dictionary<(Serial Machine, string Template), LinkedListNode<Known>> _known = [];

    // The one that was asked for last comes first.
    private readonly LinkedList<Known> _byUse = [];
    private readonly Lock _lock = new();
    private long _characters;

    /// <summary>The machine's config, if it would be the same again.</summary>
    public bool TryFind(string template, RenderInputs inputs, TemplateRenderer renderer, [NotNullWhen(true)] out string? config)
    {
        var known = Use((inputs.Machine.Serial, template));
        config = known is not null && known.Inputs.AreThose(inputs) && renderer.AreUnchanged(known.Sources) ? known.Config : null;
        return config is not null;
    }

    /// <summary>Remembers a config, unless it was made of what may be another the next time.</summary>
    public void Add(string template, RenderInputs inputs, RenderSources sources, string config)
    {
        var key = (inputs.Machine.Serial, template);
        lock (_lock)
        {
            // Also where the new one is not kept: the one before may have had an override in it that is a secret now.
            if (_known.TryGetValue(key, out var before))
            {
                Remove(before);
            }

            if (sources.HasMore || config.Length > mostCharacters)
            {
                return;
            }

            _known.Add(key, _byUse.AddFirst(new Known(key, inputs, sources, config)));
            _characters += config.Length;
            while (_characters > mostCharacters)
            {
                Remove(_byUse.Last!);
            }
        }
    }

    private Known? Use((Serial Machine, string Template) key)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    private void Remove(LinkedListNode<Known> node)
    {
        _known.Remove(node.Value.Key);
        _byUse.Remove(node);
        _characters -= node.Value.Config.Length;
    }

    private sealed record Known((Serial Machine, string Template) Key, RenderInputs Inputs, RenderSources Sources, string Config);
}

/// <summary>What a config is made of besides templates and settings.</summary>
/// <param name="Machine">The machine's record.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Image">Its image; null while that is not known.</param>
/// <param name="BootUrl">The server as the machine reaches it.</param>
/// <param name="Check">What the text has to be.</param>
/// <param name="Target">The newest specification of Ignition that the machine reads; null: any.</param>
internal sealed record RenderInputs(Machine Machine, Profile Profile, InstallImage? Image, string BootUrl, OutputCheck Check, IgnitionSpec? Target = null)
{
    /// <summary>The boot token that the machine asks with; null: none. A config that is made of it is not kept.</summary>
    public string? BootToken { get; init; }

    /// <summary>Ends the rendering: whoever asked for it is gone.</summary>
    public CancellationToken Gone { get; init; }

    /// <summary>
    /// Whether they are the same. A record that was written again is another one, whatever changed in it, unless it is what the fetch of a config
    /// changes itself: no template sees that.
    /// </summary>
    public bool AreThose(RenderInputs others) => IsAsSeen(others.Machine) && ReferenceEquals(Profile, others.Profile)
        && Image == others.Image && BootUrl == others.BootUrl && Check == others.Check && Target == others.Target;

    private bool IsAsSeen(Machine other) => ReferenceEquals(Machine, other)
        || Machine == other with { State = Machine.State, LastBoot = Machine.LastBoot, Image = Machine.Image, InstalledProfile = Machine.InstalledProfile };
}
