using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
using Mayu.Primitives;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The variables of a template: a tree of texts, numbers, booleans, lists and maps. What has no value is left out.</summary>
public sealed class TemplateVariables
{
    private readonly VariableMap _values = new();

    /// <summary>Sets a text; null leaves the name out, and printing it is then an error.</summary>
    public TemplateVariables Set(string name, string? value) => Put(name, value);

    /// <summary>Sets a number; null leaves the name out.</summary>
    public TemplateVariables Set(string name, long? value) => Put(name, value);

    /// <summary>Sets a boolean.</summary>
    public TemplateVariables Set(string name, bool value) => Put(name, value);

    /// <summary>Sets a list of texts.</summary>
    public TemplateVariables Set(string name, IEnumerable<string> values) => Put(name, new ScriptArray(values));

    /// <summary>Sets a map of its own variables.</summary>
    public TemplateVariables Set(string name, TemplateVariables map) => Put(name, map._values);

    /// <summary>Sets the secrets.</summary>
    internal TemplateVariables Set(string name, SecretVariables secrets) => Put(name, secrets);

    /// <summary>Sets the variables of this boot.</summary>
    internal TemplateVariables Set(string name, BootVariables boot) => Put(name, boot);

    /// <summary>Sets the variables of etcd.</summary>
    internal TemplateVariables Set(string name, EtcdVariables etcd) => Put(name, etcd);

    /// <summary>Sets a list of maps.</summary>
    public TemplateVariables Set(string name, IEnumerable<TemplateVariables> maps) => Put(name, new ScriptArray(maps.Select(map => map._values)));

    /// <summary>The variables of a map in YAML, e.g. of the configuration's <c>vars</c>.</summary>
    /// <exception cref="YamlFaultException">Something in it can be read in two ways.</exception>
    public static TemplateVariables From(YamlMap source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var variables = new TemplateVariables();
        foreach (var (key, value) in source.Entries)
        {
            variables.Put(CoreSchema.NameOf(key), ValueOf(value));
        }

        return variables;
    }

    /// <summary>What keeps a text from standing in a variable's place for one machine; null: nothing. An override is one word, number or line: it has the variable's type.</summary>
    /// <param name="declared">The variable as the configuration's <c>vars</c> have it; null where they do not.</param>
    /// <param name="text">The text.</param>
    /// <returns>Half a sentence, without the text.</returns>
    public static string? OverrideProblem(YamlNode? declared, string text) => TryOverride(declared, text, out _, out var problem) ? null : problem;

    /// <summary>Sets an override.</summary>
    /// <exception cref="TemplateException">It has another type than the variable; the message does not repeat it.</exception>
    internal TemplateVariables SetOverride(string name, YamlNode? declared, string text, Serial machine) => TryOverride(declared, text, out var value, out var problem)
        ? Put(name, value)
        : throw new TemplateException($"variable vars.{name}", $"the override {name} of machine {machine} {problem}: change it, or remove it with `mayuctl override {machine} --remove {name}`");

    private static bool TryOverride(YamlNode? declared, string text, out object? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (text, null);
        switch (declared)
        {
            case YamlMap or YamlList:
                problem = $"cannot stand for a {(declared is YamlMap ? "map" : "list")}, which the variable is in vars: an override is a text, a number, true or false";
                break;
            case YamlScalar scalar when CoreSchema.KindOf(scalar) is var kind and (YamlKind.Boolean or YamlKind.Whole or YamlKind.Real):
                value = ValueOf(kind, text);
                problem = value is not null ? null : kind == YamlKind.Boolean ? "must be true or false, as the variable is in vars" : "must be a number, as the variable is in vars";
                break;
        }

        return problem is null;
    }

    // Null where the text has another type.
    private static object? ValueOf(YamlKind kind, string text)
    {
        try
        {
            var typed = new YamlScalar(1, 1, text, YamlTag.Plain);
            return (CoreSchema.KindOf(typed) == YamlKind.Boolean) == (kind == YamlKind.Boolean) && CoreSchema.KindOf(typed) is not (YamlKind.Text or YamlKind.Null) ? ValueOf(typed) : null;
        }
        catch (YamlFaultException)
        {
            return null;
        }
    }

    internal ScriptObject ToScriptObject() => _values;

    private static object? ValueOf(YamlNode node) => node switch
    {
        YamlMap map => From(map)._values,
        YamlList list => new ScriptArray(list.Items.Select(ValueOf)),
        YamlScalar scalar => CoreSchema.KindOf(scalar) switch
        {
            YamlKind.Null => null,
            YamlKind.Boolean => CoreSchema.Boolean(scalar.Text),
            YamlKind.Text => scalar.Text,
            var kind => NumberOf(YamlNumber.Read(scalar, kind)),
        },
        _ => null,
    };

    private static object NumberOf(YamlNumber number) =>
        number.Value is IFormattable and (long or double) and var value && value.ToString(null, CultureInfo.InvariantCulture) == number.Spelling
            ? value
            : new SpelledNumber(number);

    private TemplateVariables Put(string name, object? value)
    {
        if (value is not null)
        {
            _values[name] = value;
            _values.Nulls.Remove(name);
        }
        else
        {
            _values.Nulls.Add(name);
        }

        return this;
    }
}
