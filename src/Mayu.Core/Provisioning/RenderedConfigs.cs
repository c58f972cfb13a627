using System.Collections.Concurrent;
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
internal sealed class RenderedConfigs
{
    /// <summary>How many characters they have together at most: configs of some ten thousand machines.</summary>
    public const long MostCharacters = 32L * 1024 * 1024;

    private readonly ConcurrentDictionary<(Serial Machine, string Template), (RenderInputs Inputs, RenderSources Sources, string Config)> _known = new();
    private long _characters;

    /// <summary>The machine's config, if it would be the same again.</summary>
    public bool TryFind(string template, RenderInputs inputs, TemplateRenderer renderer, [NotNullWhen(true)] out string? config)
    {
        config = _known.TryGetValue((inputs.Machine.Serial, template), out var known) && known.Inputs.AreThose(inputs) && renderer.AreUnchanged(known.Sources)
            ? known.Config : null;
        return config is not null;
    }

    /// <summary>Remembers a config, unless it was made of what may be another the next time.</summary>
    public void Add(string template, RenderInputs inputs, RenderSources sources, string config)
    {
        // The machine no longer gets what was kept before, which may have had an override in it that is a secret now.
        if (sources.HasMore)
        {
            _known.TryRemove((inputs.Machine.Serial, template), out _);
            return;
        }

        _known[(inputs.Machine.Serial, template)] = (inputs, sources, config);

        // All at once: which of them will be asked for again is not known.
        if (Interlocked.Add(ref _characters, config.Length) > MostCharacters)
        {
            _known.Clear();
            Interlocked.Exchange(ref _characters, 0);
        }
    }
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

    /// <summary>Whether they are the same. A record that was written again is another one, whatever changed in it.</summary>
    public bool AreThose(RenderInputs others) => ReferenceEquals(Machine, others.Machine) && ReferenceEquals(Profile, others.Profile)
        && Image == others.Image && BootUrl == others.BootUrl && Check == others.Check && Target == others.Target;
}
