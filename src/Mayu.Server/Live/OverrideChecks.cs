using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Files;

namespace Mayu.Server.Live;

/// <summary>What the configuration knows of an override, so that it is told when it is set and not by a machine that gets no config.</summary>
/// <param name="configuration">The configuration in effect.</param>
internal sealed class OverrideChecks(Func<MayuConfiguration> configuration)
{
    /// <summary>Why it is not taken, as a sentence that does not repeat the value; null: it is.</summary>
    public string? Refusal(string name, string value) =>
        name == EtcdDiscoverySettings.Override && !EtcdDiscoverySettings.IsToken(value) ? $"The override {name} must be a discovery token: {EtcdDiscoverySettings.TokenLength} hexadecimal digits, lower case."
        : TemplateVariables.OverrideProblem(configuration().Variables[name], value) is { } problem ? $"The override {name} {problem}."
        : null;

    /// <summary>What an operator should know of its name, as a sentence; null: nothing.</summary>
    public string? Warning(string name)
    {
        var current = configuration();
        if (name is Hostname.Override or EtcdDiscoverySettings.Override || current.Variables[name] is not null
            || TemplateMentions.Has(name, current.TemplatesDirectory, current.SnippetsDirectory))
        {
            return null;
        }

        var known = current.Variables.Entries.Select(entry => entry.Key.Text).Concat([Hostname.Override, EtcdDiscoverySettings.Override]);
        var meant = Suggestion.For(name, known);
        return $"No template and no key of vars has the name {name}, so it has no effect{(meant.Length > 0 ? meant : ".")}";
    }
}
