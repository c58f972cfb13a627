using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Contracts;
using Mayu.Client.Requests;

namespace Mayu.Client;

// What changes something. Each returns what was changed as it is afterwards; what was deleted, as it was.
public sealed partial class MayuClient
{
    // Each machine of ten thousand is a durable change.
    private static readonly TimeSpan ChangesPatience = TimeSpan.FromMinutes(2);

    /// <summary>Sets a machine's state: the operator's word.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="change">The state, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> SetStateAsync(string serial, StateChangeRequest change, CancellationToken cancellation = default) => SetStateAsync(serial, change, ifMatch: null, cancellation);

    /// <summary>The same, if the machine's record is still as it was: else it is a <see cref="ApiFailureKind.Conflict"/>.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="change">The state, and why.</param>
    /// <param name="ifMatch">The <see cref="Machine.Tag"/> that the record had; null: whatever it is.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> SetStateAsync(string serial, StateChangeRequest change, string? ifMatch, CancellationToken cancellation = default) =>
        ChangeMachineAsync(HttpMethod.Put, Path(serial) + "/state", change, ApiJsonContext.Default.StateChangeRequest, cancellation, ifMatch);

    /// <summary>Sets fields of a machine's record.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="change">The fields, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> ChangeMachineAsync(string serial, MachineChangeRequest change, CancellationToken cancellation = default) => ChangeMachineAsync(serial, change, ifMatch: null, cancellation);

    /// <summary>The same, if the machine's record is still as it was: else it is a <see cref="ApiFailureKind.Conflict"/>.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="change">The fields, and why.</param>
    /// <param name="ifMatch">The <see cref="Machine.Tag"/> that the record had; null: whatever it is.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> ChangeMachineAsync(string serial, MachineChangeRequest change, string? ifMatch, CancellationToken cancellation = default) =>
        ChangeMachineAsync(HttpMethod.Patch, Path(serial), change, ApiJsonContext.Default.MachineChangeRequest, cancellation, ifMatch);

    /// <summary>Changes several machines, or tells what would change.</summary>
    /// <param name="change">Which, how, and what it is confirmed with.</param>
    /// <param name="cancellation">Ends the request; what the server began, it ends.</param>
    public Task<ApiResult<MachineChangesResult>> ChangeMachinesAsync(MachineChangesRequest change, CancellationToken cancellation = default) => _api.SendAsync(
        HttpMethod.Post, "api/v1/machine-changes", JsonSerializer.SerializeToUtf8Bytes(change, ApiJsonContext.Default.MachineChangesRequest), ApiJsonContext.Default.MachineChangesResult,
        cancellation, ChangesPatience);

    /// <summary>Sets a template variable for one machine.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="name">The variable's name.</param>
    /// <param name="request">Its value, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> SetOverrideAsync(string serial, string name, OverrideRequest request, CancellationToken cancellation = default) =>
        ChangeMachineAsync(HttpMethod.Put, OverridePath(serial, name), request, ApiJsonContext.Default.OverrideRequest, cancellation);

    /// <summary>Takes a template variable of one machine away.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="name">The variable's name.</param>
    /// <param name="reason">Why, for the history, or null.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> RemoveOverrideAsync(string serial, string name, string? reason = null, CancellationToken cancellation = default) =>
        _api.SendAsync(HttpMethod.Delete, QueryText.Of(OverridePath(serial, name), ("reason", reason)), null, ApiJsonContext.Default.Machine, cancellation);

    /// <summary>Takes a machine's record back to an earlier one.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="request">To which, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> RollBackAsync(string serial, RollbackRequest request, CancellationToken cancellation = default) =>
        ChangeMachineAsync(HttpMethod.Post, Path(serial) + "/rollback", request, ApiJsonContext.Default.RollbackRequest, cancellation);

    /// <summary>Says which of two machines with one serial is right.</summary>
    /// <param name="serial">The serial.</param>
    /// <param name="request">Which, and why.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> ResolveConflictAsync(string serial, ConflictRequest request, CancellationToken cancellation = default) =>
        ChangeMachineAsync(HttpMethod.Post, Path(serial) + "/conflict", request, ApiJsonContext.Default.ConflictRequest, cancellation);

    /// <summary>Deletes a machine's record. Its history stays.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="force">Even where the machine has an operating system and is switched on.</param>
    /// <param name="reason">Why, for the history, or null.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> DeleteMachineAsync(string serial, bool force = false, string? reason = null, CancellationToken cancellation = default) =>
        DeleteMachineAsync(serial, force, reason, ifMatch: null, cancellation);

    /// <inheritdoc cref="DeleteMachineAsync(string, bool, string?, CancellationToken)"/>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="force">Even where the machine has an operating system and is switched on.</param>
    /// <param name="reason">Why, for the history, or null.</param>
    /// <param name="ifMatch">The <see cref="Machine.Tag"/> that the record had; null: whatever it is.</param>
    /// <param name="cancellation">Ends the request.</param>
    public Task<ApiResult<Machine>> DeleteMachineAsync(string serial, bool force, string? reason, string? ifMatch, CancellationToken cancellation = default) => _api.SendAsync(
        new ApiRequest(HttpMethod.Delete, QueryText.Of(Path(serial), ("force", force ? "true" : null), ("reason", reason))) { IfMatch = ifMatch }, ReadMachine, cancellation);

    /// <summary>Reports, to a server's boot HTTP, that a machine's system runs.</summary>
    /// <param name="serial">The machine's serial.</param>
    /// <param name="report">What runs there.</param>
    /// <param name="cancellation">Ends the request.</param>
    // The boot HTTP knows no keys.
    public Task<ApiResult<BootCompleteReport>> ReportBootCompleteAsync(string serial, BootCompleteReport report, CancellationToken cancellation = default) => _api.SendAsync(
        new ApiRequest(HttpMethod.Post, $"callbacks/{Uri.EscapeDataString(serial)}/boot_complete") { Key = null, Body = JsonSerializer.SerializeToUtf8Bytes(report, BootJsonContext.Default.BootCompleteReport) },
        (_, _) => ApiResult<BootCompleteReport>.Of(report),
        cancellation);

    private static string OverridePath(string serial, string name) => $"{Path(serial)}/overrides/{Uri.EscapeDataString(name)}";

    private Task<ApiResult<Machine>> ChangeMachineAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation, string? ifMatch = null) =>
        _api.SendAsync(new ApiRequest(method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type), IfMatch = ifMatch }, ReadMachine, cancellation);
}
