using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>
/// The template variables <c>mayu</c>: this server, and the boot that a config is for. A config that prints the boot's token is another one for each boot,
/// so it is not kept.
/// </summary>
/// <param name="url">Where this server answers machines, without a final slash.</param>
/// <param name="token">The boot token; null: the machine has none.</param>
/// <param name="sources">Takes note; null: nobody asks.</param>
internal sealed class BootVariables(string url, string? token, RenderSources? sources)
    : ScriptObject(0, autoImportStaticsFromThisType: false, StringComparer.Ordinal)
{
    private const string BootUrl = "boot_url";
    private const string BootToken = "boot_token";

    /// <inheritdoc/>
    public override bool Contains(string member) => member is "url" or BootUrl or BootToken;

    /// <inheritdoc/>
    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object value)
    {
        value = member switch
        {
            "url" => url,
            BootUrl => token is null ? "" : $"{url}/boot/{token}",
            _ => token ?? "",
        };
        if (member is BootUrl or BootToken)
        {
            sources?.NoteSecret();
        }

        return Contains(member);
    }
}
