using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Mayu.Server.Access;

namespace Mayu.Server.Api.Description;

/// <summary>The JSON Schemas (2020-12) of the contracts, each made when it is first referred to. What is sent to the server is described as it reads it, what it answers as it writes it.</summary>
internal sealed class ContractSchemas
{
    private const string Root = "#/components/schemas/";
    private const string PartialMachine = "PartialMachine";

    // Where a text is one of a few, and the server takes or writes no other.
    private static readonly Dictionary<string, IEnumerable<string>> Choices = new(StringComparer.Ordinal)
    {
        ["Machine.state"] = MachineStates.All,
        ["StateChangeRequest.state"] = MachineStates.All,
        ["ConflictRequest.verdict"] = [ConflictRequest.Accept, ConflictRequest.Separate, ConflictRequest.Dismiss],
        ["ConfigFinding.severity"] = [ConfigFinding.Error, ConfigFinding.Warning, ConfigFinding.Note],
        ["DoctorFinding.status"] = DoctorFinding.Statuses,
        ["ApiToken.role"] = Enum.GetValues<Role>().Select(RoleNames.Of),
        ["ApiTokenRequest.role"] = Enum.GetValues<Role>().Select(RoleNames.Of),
    };

    // What a handler asks for itself, so as to say what is missing.
    private static readonly HashSet<string> Demanded = ["ConflictRequest.verdict", "OverrideRequest.value"];

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>What a type is called.</summary>
    public static string NameOf(Type type) => ItemOf(type) is { } item ? item.Name + "List" : type.Name;

    /// <summary>What a list is of; null for another type.</summary>
    public static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ItemList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>A reference to the schema of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isSent">Whether it is sent to the server.</param>
    public JsonObject RefTo(Type type, bool isSent = false) => RefTo(NameOf(type), () => Make(type, isSent));

    /// <summary>All schemas that were referred to, by name.</summary>
    public JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (name, schema) in _schemas)
        {
            all[name] = schema;
        }

        return all;
    }

    private JsonObject RefTo(string name, Func<JsonObject> make)
    {
        if (!_schemas.ContainsKey(name))
        {
            // Known before it is made, for types that have themselves inside.
            _schemas[name] = [];
            _schemas[name] = make();
        }

        return new JsonObject { ["$ref"] = Root + name };
    }

    private JsonObject Make(Type type, bool isSent)
    {
        if (ItemOf(type) is { } item)
        {
            // The machines of the list may be asked for with some of their fields.
            var one = item == typeof(Machine) ? RefTo(PartialMachine, MakePartial) : RefTo(item);
            return new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("items"),
                ["properties"] = new JsonObject { ["items"] = new JsonObject { ["type"] = "array", ["items"] = one } },
            };
        }

        var schema = (JsonObject)JsonSchemaExporter.GetJsonSchemaAsNode(
            ApiJsonContext.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} is no contract of the API."),
            new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => context.Path.IsEmpty ? node : Nested(context, node, isSent) });
        Complete(schema, type, isSent);
        return schema;
    }

    private JsonObject MakePartial()
    {
        var schema = Make(typeof(Machine), isSent: false);
        schema.Remove("required");
        schema["description"] = "A machine of a list; with the parameter fields, only those.";
        return schema;
    }

    // Another contract inside this one is a schema of its own, and goes the same way.
    private JsonNode Nested(JsonSchemaExporterContext context, JsonNode node, bool isSent) =>
        context.TypeInfo.Kind == JsonTypeInfoKind.Object && node is JsonObject ? RefTo(context.TypeInfo.Type, isSent) : node;

    private static void Complete(JsonObject schema, Type type, bool isSent)
    {
        if (ContractTexts.Of(type) is { } text)
        {
            schema["description"] = text;
        }

        var required = new List<string>();
        foreach (var property in ApiJsonContext.Default.GetTypeInfo(type)!.Properties)
        {
            // What may be any JSON has the schema true, which has no room for a text.
            if (schema["properties"]![property.Name] is not JsonObject one)
            {
                schema["properties"]![property.Name] = one = [];
            }

            var key = $"{type.Name}.{property.Name}";
            var isRequired = isSent
                ? property.IsRequired || Demanded.Contains(key) || (!property.IsGetNullable && !property.PropertyType.IsValueType)
                : !property.IsGetNullable;
            if (isRequired)
            {
                required.Add(property.Name);
            }

            // The server leaves out what is null, and reads null as left out.
            if (isRequired || !isSent)
            {
                TakeNullAway(one);
            }

            if (Choices.TryGetValue(key, out var choices))
            {
                one["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]);
            }

            if (ContractTexts.Of(type, property.Name) is { } about)
            {
                one["description"] = about;
            }
        }

        schema.Remove("required");
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }
    }

    private static void TakeNullAway(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            var rest = types.Select(type => (string?)type).Where(type => type != "null").ToList();
            schema["type"] = rest is [var only] ? only : new JsonArray([.. rest.Select(type => JsonValue.Create(type))]);
        }
    }
}
