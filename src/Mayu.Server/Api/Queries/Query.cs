using System.Reflection;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mayu.Server.Api.Queries;

/// <summary>What a query says.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IQuery<TSelf>
    where TSelf : IQuery<TSelf>
{
    /// <summary>Takes its parameters; what is wrong with one, the reader notes.</summary>
    static abstract TSelf Read(QueryReader query);
}

/// <summary>The query of a request.</summary>
internal sealed class Query<T>(T value, Problem? problem) : RequestPart<T>(value, problem), IEndpointParameterMetadataProvider
    where T : IQuery<T>
{
    public override bool IsQuery => true;

    // Reading a query without parameters names all that there are.
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var parameters = new List<RequestParameter>();
        T.Read(new QueryReader(QueryCollection.Empty, parameters));
        foreach (var one in parameters)
        {
            builder.Metadata.Add(one);
        }
    }

    public static ValueTask<Query<T>?> BindAsync(HttpContext context)
    {
        var reader = new QueryReader(context.Request.Query);
        var value = T.Read(reader);
        return ValueTask.FromResult<Query<T>?>(new(value, reader.Problem is { } problem ? Problem.Invalid(problem) : null));
    }
}
