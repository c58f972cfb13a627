using System.Globalization;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
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
