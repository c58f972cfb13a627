using System.Text.Json;
using System.Text.Json.Serialization;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>The <c>Facts</c> of a record, in the form of the collector's report.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MachineFacts))]
internal sealed partial class FactsFields : JsonSerializerContext
{
    /// <summary>The facts; null where they are none.</summary>
    public static MachineFacts? Read(JsonElement fields)
    {
        try
        {
            return fields.Deserialize(Default.MachineFacts) is { } facts ? KeptFacts.Of(facts) : null;
        }
        catch (JsonException)
        {
            // Nothing is decided by them that they do not say. The residue keeps them.
            return null;
        }
    }
}
