using System.Text.Json.Nodes;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The variables of a template: a tree of texts, numbers, booleans, lists and maps. What has no value is left out.</summary>
public sealed class TemplateVariables
{
    private readonly ScriptObject _values = new(StringComparer.Ordinal);

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

    /// <summary>Sets a list of maps.</summary>
    public TemplateVariables Set(string name, IEnumerable<TemplateVariables> maps) => Put(name, new ScriptArray(maps.Select(map => map._values)));

    /// <summary>The variables of a JSON object, e.g. of the configuration's <c>vars</c>.</summary>
    public static TemplateVariables From(JsonObject source)
    {
        var variables = new TemplateVariables();
        foreach (var (name, value) in source)
        {
            variables.Put(name, ValueOf(value));
        }

        return variables;
    }

    internal ScriptObject ToScriptObject() => _values;

    private static object? ValueOf(JsonNode? node) => node switch
    {
        JsonObject map => From(map)._values,
        JsonArray list => new ScriptArray(list.Select(ValueOf)),
        JsonValue value when value.TryGetValue(out bool truth) => truth,
        JsonValue value when value.TryGetValue(out long number) => number,
        JsonValue value when value.TryGetValue(out double real) => real,
        JsonValue value => value.ToString(),
        _ => null,
    };

    private TemplateVariables Put(string name, object? value)
    {
        if (value is not null)
        {
            _values[name] = value;
        }

        return this;
    }
}
