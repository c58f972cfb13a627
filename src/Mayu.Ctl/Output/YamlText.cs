using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mayu.Ctl.Output;

/// <summary>Says which texts have a tag in YAML: those that are the only member of an object, with this key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Tag">The tag, like <c>!unsafe</c>.</param>
internal sealed record YamlTagRule(string Key, string Tag);

/// <summary>JSON as YAML that every YAML reader, 1.1 or 1.2, takes for the same values.</summary>
internal static partial class YamlText
{
    /// <summary>Writes a document.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="node">The document.</param>
    /// <param name="rule">Which texts have a tag; null: none.</param>
    public static void Write(TextWriter output, JsonNode? node, YamlTagRule? rule = null)
    {
        // Lines are not folded: a value stays on its line, for grep.
        var emitter = new Emitter(output, new EmitterSettings().WithBestWidth(int.MaxValue).WithMaxSimpleKeyLength(1000).WithIndentedSequences());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node, rule);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Emit(Emitter emitter, JsonNode? node, YamlTagRule? rule)
    {
        switch (node)
        {
            case JsonObject { Count: 1 } tagged when rule is not null && tagged.TryGetPropertyValue(rule.Key, out var text):
                emitter.Emit(new Scalar(null, rule.Tag, text!.GetValue<string>(), ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: false));
                break;
            case JsonObject members:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, members.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, value) in members)
                {
                    EmitString(emitter, name);
                    Emit(emitter, value, rule);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                {
                    Emit(emitter, item, rule);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue when node.GetValueKind() == JsonValueKind.String:
                EmitString(emitter, node.GetValue<string>());
                break;
            default:
                // Numbers, true, false and null are written the same in both.
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void EmitString(Emitter emitter, string text)
    {
        var style = Plain().IsMatch(text) && !Reserved().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(null, null, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    /// <summary>Text that begins with a letter and holds nothing that YAML reads as a sign.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    /// <summary>Words that are a boolean or null to YAML 1.1 or 1.2.</summary>
    [GeneratedRegex(@"\A(?:y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reserved();
}
