using System.Text;
using Mayu.Server.Configuration;

namespace Mayu.Server.ConfigViews;

/// <summary>The configuration reference in Markdown, made of the keys that the binder asks for.</summary>
internal static class ConfigurationReference
{
    public static string Render()
    {
        var reader = ConfigurationReader.Open(file: null, OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        var text = new StringBuilder("| key | takes | default | what it does |\n|---|---|---|---|\n");
        foreach (var key in reader.Keys)
        {
            text.Append($"| `{key.Path}` | {key.Type} | {key.Default ?? "**required**"} | {key.Doc} |\n");
        }

        return text.ToString();
    }
}
