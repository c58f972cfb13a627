using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>
/// The JSON that machines send: names as their properties are written (pascal case, as the first Mayu had them; the
/// progress and failure reports are lower case), read in any case, nulls left out; no key twice.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FactsReport))]
[JsonSerializable(typeof(ProgressReport))]
[JsonSerializable(typeof(FailureReport))]
[JsonSerializable(typeof(BootCompleteReport))]
[JsonSerializable(typeof(ApiProblem))]
public sealed partial class BootJsonContext : JsonSerializerContext;
