using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The JSON of the API: camel case, nulls left out; no key twice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Machine))]
[JsonSerializable(typeof(ItemList<Machine>))]
[JsonSerializable(typeof(Hop))]
[JsonSerializable(typeof(HopList))]
[JsonSerializable(typeof(Stranger))]
[JsonSerializable(typeof(ItemList<Stranger>))]
[JsonSerializable(typeof(BootEvent))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(ItemList<Change>))]
[JsonSerializable(typeof(StateChangeRequest))]
[JsonSerializable(typeof(MachineChangeRequest))]
[JsonSerializable(typeof(MachineChangesRequest))]
[JsonSerializable(typeof(MachineChangesResult))]
[JsonSerializable(typeof(OverrideRequest))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(ConflictRequest))]
[JsonSerializable(typeof(Pin))]
[JsonSerializable(typeof(ItemList<Pin>))]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(ProfileUse))]
[JsonSerializable(typeof(ProfileList))]
[JsonSerializable(typeof(AddressPool))]
[JsonSerializable(typeof(OccupiedAddress))]
[JsonSerializable(typeof(AddressList))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(LeaseList))]
[JsonSerializable(typeof(Image))]
[JsonSerializable(typeof(ItemList<Image>))]
[JsonSerializable(typeof(MachineConfig))]
[JsonSerializable(typeof(ConfigCheckResult))]
[JsonSerializable(typeof(ReloadResult))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(ItemList<ApiToken>))]
[JsonSerializable(typeof(ApiTokenRequest))]
[JsonSerializable(typeof(DoctorFinding))]
[JsonSerializable(typeof(ItemList<DoctorFinding>))]
[JsonSerializable(typeof(LegacyHost))]
[JsonSerializable(typeof(IEnumerable<LegacyHost>))]
[JsonSerializable(typeof(ScrapeTargets))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(ApiProblem))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
