using System.Collections.Frozen;
using Mayu.Primitives;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>What is said about a variable, a member or a function that there is not: its whole name, what was probably meant, and what to do.</summary>
internal static class MissingName
{
    private const string AllVariables = "templates.md lists all variables";

    // What templates of other programs call it, and what Scriban has and this program has not.
    private static readonly FrozenDictionary<string, string> Others = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["date"] = "templates have no clock, because the same input must give the same config",
        ["math.random"] = "templates have no random numbers, because the same input must give the same config",
        ["math.uuid"] = "templates have no random numbers, because the same input must give the same config",
        ["object.eval"] = "text never becomes a template: write render_file or include",
        ["object.eval_template"] = "text never becomes a template: write render_file or include",
        ["object.to_json"] = "write json",
        ["object.from_json"] = "a template cannot read JSON: put the values into vars",
        ["toYaml"] = "write yaml",
        ["to_yaml"] = "write yaml",
        ["to_nice_yaml"] = "write yaml",
        ["toJson"] = "write json",
        ["to_json"] = "write json",
        ["tojson"] = "write json",
        ["quote"] = "write json, which puts text in double quotes, or sh for a shell script",
        ["squote"] = "write sh for a shell script, or yaml",
        ["b64enc"] = "write base64",
        ["b64encode"] = "write base64",
        ["urlencode"] = "write uri",
        ["nindent"] = "write indent, with the line break before {{",
        ["upper"] = "write string.upcase",
        ["lower"] = "write string.downcase",
        ["trim"] = "write string.strip",
        ["replace"] = "write string.replace",
        ["range"] = "write {{ for x in LIST }} … {{ end }}",
    }.ToFrozenDictionary();

    /// <summary>The variable or function with which an expression begins.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="context">Knows those that there are.</param>
    public static string Of(ScriptVariable variable, TemplateContext context)
    {
        var (name, isFunction) = (variable.Name, variable.Parent is ScriptFunctionCall call && ReferenceEquals(call.Target, variable) || variable.Parent is ScriptPipeCall pipe && ReferenceEquals(pipe.To, variable));
        var hint = Others.TryGetValue(name, out var other) ? $": {other}"
            : Suggestion.Nearest(name, context.CurrentGlobal!.GetMembers().Concat(context.BuiltinObject.GetMembers())) is { } near ? $"; did you mean `{near}`?"
            : $": {AllVariables} and functions";
        return $"there is no {(isFunction ? "function" : "variable or function")} `{name}`{hint}";
    }

    /// <summary>A member of a map.</summary>
    /// <param name="member">The expression.</param>
    /// <param name="target">What stands before the dot; null if that is not known.</param>
    public static string Of(ScriptMemberExpression member, object? target)
    {
        var (name, path) = (member.Member?.Name ?? "", TemplateCode.Of(member));
        if (target is VariableMap { Nulls: var nulls } && nulls.Contains(name))
        {
            return $"`{path}` is null: give it a value, or print it with default: {{{{ {path} | default \"…\" }}}}";
        }

        var names = target is INamedValues values ? values.Names : (target as ScriptObject)?.Keys ?? [];
        var near = Suggestion.Nearest(name, names) is { } meant ? $"; did you mean `{TemplateCode.Of(member.Target)}.{meant}`?" : "";
        var hint = Others.TryGetValue(path, out var other) ? other
            : target is INamedValues ? near.Length > 0 ? null : "add it to secrets in the configuration"
            : path.StartsWith("vars.", StringComparison.Ordinal) ? $"{(near.Length > 0 ? "If not, set" : "set")} {path} in the configuration, or print it with default: {{{{ {path} | default \"…\" }}}}"
            : near.Length > 0 ? null
            : target is ScriptObject map && IsGroup(map) ? "templates.md lists the functions" : AllVariables;
        return $"there is no `{path}`{near}{(hint is null ? "" : near.Length > 0 ? $" {hint}" : $": {hint}")}";
    }

    private static bool IsGroup(ScriptObject map) => map.IsReadOnly && map.Values.Any(value => value is IScriptCustomFunction);
}
