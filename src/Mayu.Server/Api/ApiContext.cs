using System.Text.Json.Serialization.Metadata;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Server.Auth;

namespace Mayu.Server.Api;

/// <summary>What the operators' endpoints work with.</summary>
internal sealed record ApiContext(IMachineStore Store, BootTrace Trace, ApiKeys Keys, TimeProvider Clock, ILogger Log)
{
    /// <summary>Answers JSON.</summary>
    public static Task AnswerAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
}
