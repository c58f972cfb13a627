using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Rendering;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>Where templates get the URL from under which the etcd members of a new cluster find each other (<c>etcd --discovery URL</c>).</summary>
public interface IEtcdDiscovery
{
    /// <summary>The URL for one machine. Machines of one etcd cluster get the same.</summary>
    /// <param name="bootUrl">This server as the machine reaches it, without a final slash.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="url">The URL.</param>
    /// <param name="problem">Why there is none, as half a sentence.</param>
    bool TryUrl(string bootUrl, Machine machine, Profile profile, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? problem);
}

/// <summary>No etcd discovery: a template that prints the URL is told so.</summary>
public sealed class NoEtcdDiscovery : IEtcdDiscovery
{
    /// <inheritdoc/>
    public bool TryUrl(string bootUrl, Machine machine, Profile profile, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? problem)
    {
        (url, problem) = (null, "there is no etcd discovery");
        return false;
    }
}

/// <summary>
/// The template variables <c>etcd</c>. The URL is made when it is printed: a cluster whose templates never print it never has a token.
/// </summary>
internal sealed class EtcdVariables(ProvisioningSettings settings, Machine machine, Profile profile, RenderSources? sources)
    : ScriptObject(0, autoImportStaticsFromThisType: false, StringComparer.Ordinal)
{
    private const string DiscoveryUrl = "discovery_url";

    /// <inheritdoc/>
    public override bool Contains(string member) => member == DiscoveryUrl;

    /// <inheritdoc/>
    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object value)
    {
        value = "";
        if (member != DiscoveryUrl)
        {
            return false;
        }

        sources?.NoteMore();
        value = settings.EtcdDiscovery.TryUrl(settings.BootUrl, machine, profile, out var url, out var problem) ? url : throw new TemplateFaultException(span, $"etcd.{DiscoveryUrl}: {problem}");
        return true;
    }
}
