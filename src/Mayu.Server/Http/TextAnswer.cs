using System.Text;
using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Server.Http;

/// <summary>Answers a text, and of its type no more than it is given: scripts and boot loaders look at the words alone.</summary>
internal sealed class TextAnswer(string text, string? contentType = null, int status = StatusCodes.Status200OK) : IResult
{
    /// <summary>What the machine is called that is answered: told in a header, where it may not know it.</summary>
    public Serial? Machine { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Machine is { } machine)
        {
            httpContext.Response.Headers[BootHeaders.Serial] = Uri.EscapeDataString(machine.Text);
        }

        var (response, bytes) = (httpContext.Response, Encoding.UTF8.GetBytes(text));
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, contentType, bytes.Length);
        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
